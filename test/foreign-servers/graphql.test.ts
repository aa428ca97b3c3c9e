import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import { connectionArgs, connectionDefinitions, connectionFromArray } from 'graphql-relay';
import { ForeignServer, imported, ORDERS, serve } from './kit';

/** GraphQL with Relay's connections: https://www.npmjs.com/package/graphql-relay, https://www.npmjs.com/package/graphql-http */

const Order = new GraphQLObjectType({
  name: 'Order',
  fields: { id: { type: new GraphQLNonNull(GraphQLString) }, number: { type: GraphQLInt }, customer: { type: GraphQLString } },
});
const { connectionType: Orders } = connectionDefinitions({ nodeType: Order });
const Query = new GraphQLObjectType({
  name: 'Query',
  fields: { orders: { type: Orders, args: connectionArgs, resolve: (_, args) => connectionFromArray(ORDERS as unknown[], args) } },
});

const QUERY = `query ($first: Int, $after: String) {
  orders(first: $first, after: $after) { edges { node { id number customer } } pageInfo { hasNextPage endCursor } }
}`;

let server: ForeignServer;
beforeAll(async () => { server = await serve(createHandler({ schema: new GraphQLSchema({ query: Query }) })); });
afterAll(async () => server.close());

async function orders(query: string, pageSize = 10): Promise<unknown[]> {
  return imported({
    url: server.url,
    pagination: { style: 'graphql', query, pageInfo: '$.data.orders.pageInfo' },
    records: '$.data.orders.edges[*].node',
  }, pageSize);
}

test.each([10, 7, 25, 100])('a connection, in pages of %i', async (pageSize) => {
  expect(await orders(QUERY, pageSize)).toEqual(ORDERS);
});

test('a query that the server refuses fails with what it says', async () => {
  await expect(orders(QUERY.replace('customer', 'buyer'))).rejects.toThrow(/Cannot query field .*buyer/);
});

test('a page size that the server refuses fails with what it says', async () => {
  await expect(orders(QUERY, -1)).rejects.toThrow(/first.* must be a non-negative integer/);
});
