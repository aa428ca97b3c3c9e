import { startLambdaEndpoint } from '../../../src/local/lambda/lambda-endpoint';
import { LambdaService } from '../../../src/local/lambda/lambda-service';
import { ReplacementFunction } from '../../../src/local/lambda/replacement-function';
import { FetchPageRequest } from '../../../src/protocol/fetch-contract';
import { PageFetcher } from '../../../src/runtime/fetch/page-fetcher';
import { systemWorld } from '../../../src/runtime/lambda/system-world';
import { FunctionSource } from '../../../src/runtime/sources/function-source';
import { lambdaClient } from '../../../src/runtime/sources/lambda-client';
import { Closing, ClosingServer } from '../../kit/closing-server';
import { IMPORT_FILE, THIRD_PAGE } from '../../kit/import-file';

// Real requests, on machines under other load.
jest.setTimeout(60_000);

const WORLD = systemWorld({ getRemainingTimeInMillis: () => 60_000 } as never);
const CLIENT = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

test.each<Closing>(['ended after each reply', 'reset'])('a page succeeds by its second attempt at the latest, although the kept-alive connection is %s', async (closing) => {
  const service = new LambdaService();
  service.add(new ReplacementFunction('orders', 'arn:aws:lambda:us-east-1:123456789012:function:orders', (payload) => [(payload as FetchPageRequest).pageNumber]));
  const endpoint = await startLambdaEndpoint(service);
  const server = await ClosingServer.start(endpoint.url, closing);
  const source = new FunctionSource('orders', lambdaClient({ ...CLIENT, endpoint: server.url }), { fraction: Math.random });
  try {
    for (let page = 0; page < 4; page++) {
      const fetched = await new PageFetcher(source, IMPORT_FILE, WORLD, 2).fetch(THIRD_PAGE, 60_000);
      expect(fetched).toMatchObject({ streams: { records: [3] } });
    }
    expect(server.unserved.length).toBeLessThanOrEqual(2);
  } finally {
    server.close();
    await endpoint.close();
  }
});
