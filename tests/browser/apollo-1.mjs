// The page as it was written in 2017: apollo-client 1 and subscriptions-transport-ws 0.8.
import ApolloClient, { createNetworkInterface } from 'apollo-client';
import gql from 'graphql-tag';
import { SubscriptionClient, addGraphQLSubscriptions } from 'subscriptions-transport-ws-of-2017';
import { start } from './page.mjs';

const { http, socket, token } = Object.fromEntries(new URLSearchParams(location.search));
const authorization = { Authorization: `Bearer ${token}` };
const network = createNetworkInterface({ uri: http });
network.use([
  {
    applyMiddleware(request, next) {
      request.options.headers = { ...request.options.headers, ...authorization };
      next();
    },
  },
]);
// Version 0.8 has no `lazy`: without a socket to ask, the page is one without live events.
const networkInterface = socket
  ? addGraphQLSubscriptions(network, new SubscriptionClient(socket, { reconnect: false, connectionParams: authorization }))
  : network;
start(new ApolloClient({ networkInterface, dataIdFromObject: ({ id }) => id }), gql, (data) => data);
