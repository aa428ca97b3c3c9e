import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { S3Store } from '../../../src/runtime/store/s3-store';

/** Answers every request with success, and counts connections. */
class CountingServer {
  public static async start(): Promise<CountingServer> {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.setHeader('etag', '"1"').end());
    });
    const counting = new CountingServer(server);
    server.on('connection', () => { counting.connections += 1; });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return counting;
  }

  public connections = 0;

  private constructor(private readonly server: Server) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('the clients of stores', () => {
  const environment = { ...process.env };
  let server: CountingServer;

  beforeEach(async () => {
    server = await CountingServer.start();
  });

  afterEach(() => {
    process.env = { ...environment };
    server.close();
  });

  async function writeTo(store: S3Store): Promise<void> {
    await store.write('key', [Buffer.from('text')], 'O6nuLg==');
  }

  test('are shared by all that the environment configures, so that each bucket needs no connections of its own', async () => {
    Object.assign(process.env, { AWS_ENDPOINT_URL_S3: server.url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' });

    for (const bucket of ['cache', 'destination', 'destination']) await writeTo(new S3Store(bucket));

    expect(server.connections).toBe(1);
  });

  test('belong to a store that has its own configuration', async () => {
    const client = { endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } };

    for (const bucket of ['cache', 'destination']) await writeTo(new S3Store(bucket, { client }));

    expect(server.connections).toBe(2);
  });
});
