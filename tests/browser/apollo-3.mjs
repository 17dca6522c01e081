// The page with @apollo/client 3; ?protocol= says which library speaks over the socket.
import { ApolloClient, HttpLink, InMemoryCache, gql, split } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { WebSocketLink } from '@apollo/client/link/ws';
import { getMainDefinition } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { SubscriptionClient } from 'subscriptions-transport-ws';
import { start } from './page.mjs';

const { http, socket, token, protocol } = Object.fromEntries(new URLSearchParams(location.search));
const authorization = { Authorization: `Bearer ${token}` };
const links = {
  'subscriptions-transport-ws': () => new WebSocketLink(new SubscriptionClient(socket, { lazy: true, connectionParams: authorization })),
  'graphql-ws': () => new GraphQLWsLink(createClient({ url: socket, lazy: true, connectionParams: authorization })),
};
const link = split(
  ({ query }) => getMainDefinition(query).operation === 'subscription',
  links[protocol](),
  new HttpLink({ uri: http, headers: authorization }),
);
start(new ApolloClient({ link, cache: new InMemoryCache() }), gql, ({ data }) => data);
