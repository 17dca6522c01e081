// A small content for the project social, always the same: every kind of field, list and relation, over many small pages.
const time = n => new Date(Date.UTC(2017, 0, 1, 0, 0, n)).toISOString();
const id = (type, n) => `cjfault${type}${String(n).padStart(18 - type.length, '0')}`;
const WORDS = ['sun', 'é😀', 'say "hi"', 'back\\slash', '', 'two words', 'tab\there', 'ß', 'x'.repeat(40)];
const STATES = ['DRAFT', 'REVIEW', 'PUBLIC'];

/**
 * `commas`: with a String list that the export of the source refuses, so that lists are read through the Simple API.
 * `nul`: with texts that PostgreSQL refuses.
 */
export function content({ commas = false, nul = false } = {}) {
  const types = { User: 24, Post: 40, Comment: 30, Profile: 6, Group: 4, Image: 5, Category: 8 };
  const fields = {
    User: n => ({
      email: `user${n}@example.org`,
      name: n % 3 ? WORDS[n % 9] : null,
      age: n % 4 ? n - 5 : null,
      role: n % 2 ? 'ADMIN' : 'GUEST',
    }),
    Post: n => ({
      title: `post ${n} ${WORDS[n % 9]}`,
      body: n % 5 ? WORDS[n % 9].repeat(n % 4) : null,
      slug: n % 2 ? `slug-${n}` : null,
      views: n * 7919 - 3,
      rating: n % 3 ? n / 8 : null,
      published: n % 2 === 0,
      publishedAt: n % 4 ? time(n * 86400) : null,
      meta: n % 3 ? { n, deep: [{ a: null, s: WORDS[n % 9] }] } : null,
      state: n % 4 ? STATES[n % 3] : null,
      tags:
        n % 2 ? Array.from({ length: n % 6 }, (_, i) => WORDS[(n + i) % 9]).concat(commas && n % 7 === 0 ? ['a, b'] : []) : null,
      scores: Array.from({ length: n % 9 }, (_, i) => i * n),
      weights: n % 3 ? [0.5, n / 4] : null,
      flags: n % 4 ? [true, n % 3 === 0] : [],
      dates: n % 5 ? [time(n)] : null,
      states: n % 6 ? [STATES[n % 3], STATES[(n + 1) % 3]] : null,
      blobs: n % 7 ? [{ n }, [n, 'x']] : null,
    }),
    Comment: n => ({ text: `comment ${n}` }),
    Profile: n => ({ bio: n % 2 ? WORDS[n] : null }),
    Group: n => ({ name: `group ${n}` }),
    Image: n => ({ url: `https://files.graph.cool/x/${n}` }),
    Category: n => ({ name: `category ${n}` }),
  };
  const models = {};
  for (const [type, count] of Object.entries(types))
    models[type] = {
      rows: Array.from({ length: count }, (_, n) => ({
        id: id(type, n),
        createdAt: time(n),
        updatedAt: time(n + 60),
        ...fields[type](n),
      })),
    };
  if (nul) for (const n of [3, 17, 18]) models.Post.rows[n].title += '\u0000';
  return { models, relations: relations() };
}

function relations() {
  const rows = (count, pair) => ({ rows: Array.from({ length: count }, (_, n) => pair(n)) });
  const user = n => id('User', n % 24);
  return {
    CommentsByUser: rows(20, n => [user(n * 5), id('Comment', n)]),
    CommentsOnPost: rows(30, n => [id('Post', n), id('Comment', n)]),
    Cover: rows(4, n => [id('Post', n * 3), id('Image', n)]),
    Friends: rows(14, n => [user(n), user(n * 3 + 1)]),
    Invites: rows(12, n => [user(n + 12), user(n % 5)]),
    Members: rows(18, n => [user(n), id('Group', n % 4)]),
    Partners: rows(6, n => [user(n), user(n + 12)]),
    PostsByUser: rows(33, n => [user(n % 7), id('Post', n)]),
    Tree: rows(7, n => [id('Category', n + 1), id('Category', n >> 1)]),
    UserProfile: rows(6, n => [user(n * 2), id('Profile', n)]),
  };
}
