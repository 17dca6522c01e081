// A page of an application: a list of posts that can be added to, renamed and paged, and what others did meanwhile. Written for
// what apollo-client 1 and @apollo/client 3 have in common, so that both show the same page.
//
//   start(client, gql, dataOf)   dataOf(message) → the data of what a subscription gave
const byTitle = 'orderBy: title_ASC';

export function start(client, gql, dataOf) {
  const POSTS = gql`query Posts($skip: Int, $after: String) {
    allPosts(${byTitle}, first: 2, skip: $skip, after: $after) { __typename id title views author { __typename id email } }
    _allPostsMeta { __typename count }
  }`;
  const CREATE = gql`mutation Create($title: String!, $author: PostauthorUser) {
    createPost(title: $title, scores: [], author: $author) { __typename id title views author { __typename id email } }
  }`;
  const RENAME = gql`mutation Rename($id: ID!, $title: String!) { updatePost(id: $id, title: $title) { __typename id title views } }`;
  const WATCH = gql`subscription Watch {
    Post(filter: { mutation_in: [CREATED, UPDATED, DELETED] }) { mutation node { id title } updatedFields previousValues { title } }
  }`;

  const element = (id) => document.getElementById(id);
  const show = (id, items, text) =>
    element(id).replaceChildren(...items.map((item) => Object.assign(document.createElement('li'), { textContent: text(item) })));
  const failed = (error) => (element('error').textContent = error.message);
  let posts = [];
  let listens = false;
  const events = [];

  const list = client.watchQuery({ query: POSTS, variables: {} });
  list.subscribe({
    next: ({ data }) => {
      if (!data?.allPosts) return;
      posts = data.allPosts;
      show('posts', posts, ({ title, views, author }) => `${title} ${views} ${author ? author.email : '-'}`);
      element('count').textContent = data._allPostsMeta.count;
    },
    error: failed,
  });

  const title = () => element('title').value;
  const more = (variables) =>
    list
      .fetchMore({
        variables,
        updateQuery: (before, { fetchMoreResult }) => ({ ...before, allPosts: [...before.allPosts, ...fetchMoreResult.allPosts] }),
      })
      .catch(failed);
  const actions = {
    reload: () => list.refetch().catch(failed),
    add: () =>
      client
        .mutate({ mutation: CREATE, variables: { title: title(), author: { email: `${title()}@example.com` } } })
        .then(() => list.refetch())
        .catch(failed),
    // The guess differs from what the server answers, so that the correction can be seen.
    rename: () =>
      client
        .mutate({
          mutation: RENAME,
          variables: { id: posts[0].id, title: title() },
          optimisticResponse: { updatePost: { __typename: 'Post', id: posts[0].id, title: `${title()}?`, views: posts[0].views } },
        })
        .catch(failed),
    skip: () => more({ skip: posts.length }),
    after: () => more({ after: posts[posts.length - 1].id }),
    listen: () => {
      if (listens) return;
      listens = true;
      client.subscribe({ query: WATCH }).subscribe({
        next: (message) => {
          events.push(dataOf(message).Post);
          show('events', events, ({ mutation, node, previousValues }) =>
            [mutation, node ? node.title : '-', previousValues ? previousValues.title : '-'].join(' '),
          );
        },
        error: failed,
      });
    },
  };
  for (const [id, act] of Object.entries(actions)) element(id).addEventListener('click', act);
}
