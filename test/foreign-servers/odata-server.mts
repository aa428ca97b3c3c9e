/** An OData server with the orders that come as JSON. Takes the port. */
import { createServer } from 'node:http';
import Datastore from '@seald-io/nedb';
import ODataServer from 'simple-odata-server';
import adapter from 'simple-odata-server-nedb';

const [port, orders] = process.argv.slice(2) as [string, string];

const MODEL = {
  namespace: 'shop',
  entityTypes: { Order: { _id: { type: 'Edm.String', key: true }, number: { type: 'Edm.Int32' }, customer: { type: 'Edm.String' } } },
  entitySets: { orders: { entityType: 'shop.Order' } },
};

const database = new Datastore({ inMemoryOnly: true });
await database.insertAsync(JSON.parse(orders));
const odata = ODataServer(`http://127.0.0.1:${port}`).model(MODEL).adapter(adapter((_, done) => done(null, database)));
createServer((request, response) => odata.handle(request, response)).listen(Number(port), '127.0.0.1');
