/** A server of CouchDB's protocol, with the orders that come as JSON. Takes the port, and the folder with the packages. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [port, folder, orders] = process.argv.slice(2) as [string, string, string];

const packages = createRequire(join(folder, 'package.json'));
const PouchDB = packages('pouchdb-core').plugin(packages('pouchdb-adapter-memory')).plugin(packages('pouchdb-find')).defaults({ adapter: 'memory' });
const app = packages('express')();
app.use(packages('express-pouchdb')(PouchDB, { inMemoryConfig: true, mode: 'minimumForPouchDB', overrideMode: { include: ['routes/find'] } }));
// Databases that were made before are not known to the server.
await new PouchDB('orders').bulkDocs(JSON.parse(orders));
createServer(app).listen(Number(port), '127.0.0.1');
