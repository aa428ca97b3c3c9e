import { LocalS3, startLocalS3 } from '../../../src/local/s3/local-s3';
import { IntegrityCheck } from '../../../src/protocol/choices';
import { MIN_RECORDS, ON_EMPTY, ON_TOTAL_MISMATCH } from '../../../src/protocol/defaults';
import { DEFAULT_OUTPUT } from '../../../src/protocol/output-settings';
import { fetchPages } from '../../../src/runtime/fetch/fetch';
import { systemWorld } from '../../../src/runtime/lambda/system-world';
import { writeOnce } from '../../../src/runtime/log/write-once';
import { World } from '../../../src/runtime/ports/ports';
import { persist } from '../../../src/runtime/publish/persist';
import { initialize } from '../../../src/runtime/steps/initialize';
import { S3Store } from '../../../src/runtime/store/s3-store';
import { Closing, ClosingServer } from '../../kit/closing-server';
import { offsetSource } from '../../kit/scripted-source';
import { SERIES } from '../../kit/series';

/** Servers, and the network while a function is frozen, may close the client's kept-alive connections. */

// Real requests and real delays, on machines under other load.
jest.setTimeout(120_000);

/** Time-outs for requests that never get a reply. */
const IMPATIENT = { requestTimeout: 300, throwOnRequestTimeout: true };

const BUCKET = 'bucket';

const CLOSINGS: readonly Closing[] = ['ended after each reply', 'reset', 'forgotten'];

describe.each(CLOSINGS)('if a kept-alive connection is %s', (closing) => {
  let s3: LocalS3;
  let server: ClosingServer;

  beforeEach(async () => {
    s3 = await startLocalS3();
    s3.createBucket(BUCKET);
    server = await ClosingServer.start(s3.endpoint, closing);
  });
  afterEach(async () => {
    server.close();
    await s3.close();
  });

  /** One store for both buckets: the stores of a function share their connections. */
  function storeOf(): S3Store {
    const { region, credentials } = s3;
    return new S3Store(BUCKET, { client: { endpoint: server.url, region, credentials, requestHandler: IMPATIENT } });
  }

  const world: World = systemWorld({ getRemainingTimeInMillis: () => 300_000 } as never);

  test('a slot is filled by the second attempt at the latest', async () => {
    const store = storeOf();
    const puts: string[] = [];
    s3.intercept(({ operation, key }) => { if (operation === 'PutObject') puts.push(key); return undefined; });
    for (let slot = 0; slot < 5; slot++) {
      // Leaves a connection that looks intact.
      await store.read(`absent-${slot}`);
      await expect(writeOnce(store, `slot-${slot}`, Buffer.from('mine'), world)).resolves.toEqual(Buffer.from('mine'));
    }

    expect(s3.list(BUCKET).map(({ key }) => key)).toEqual([0, 1, 2, 3, 4].map((slot) => `slot-${slot}`));
    expect(puts).toHaveLength(5);
    expect(server.unserved.filter((request) => request.startsWith('PUT')).length).toBeLessThanOrEqual(5);
  });

  test('a small object is published', async () => {
    const cache = storeOf();
    const request = {
      input: {}, executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:orders:1', startTime: new Date().toISOString(), output: DEFAULT_OUTPUT,
      destination: { bucket: BUCKET, key: 'orders.jsonl', manifestKey: '_orders.jsonl.manifest.json' },
    };
    const common = { cache, series: SERIES, world };
    const start = await initialize(request, {
      ...common, pageSize: 2, maximumAgeSeconds: 3600, embedded: false, packageVersion: '1.2.3', openBucket: () => cache,
    });
    const { importId } = await fetchPages({ state: start, retryCount: 0, redriveCount: 0 }, {
      ...common, openSource: () => offsetSource([1, 2, 3]), pageAttempts: 5, maxWaitSeconds: 60,
      settings: { chunkBytes: 1024, checkpointMilliseconds: 60_000, pageBytes: 1024 },
    });

    await expect(persist({ ...request, importId }, {
      ...common, onEmpty: ON_EMPTY, minRecords: MIN_RECORDS, onTotalMismatch: ON_TOTAL_MISMATCH,
      integrityCheck: IntegrityCheck.FULL_OBJECT_CRC32, openBucket: () => cache,
    })).resolves.toMatchObject({ continue: false });
    expect(s3.read(BUCKET, 'orders.jsonl').toString()).toBe('1\n2\n3\n');
    const conditional = server.unserved.filter((unserved) => unserved.startsWith('PUT /bucket/orders.jsonl?'));
    expect(conditional.length).toBeLessThanOrEqual(1);
  });
});
