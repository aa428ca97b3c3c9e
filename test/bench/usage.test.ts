import { dollars, gigabyteSecondsOf, requestsOf, Usage } from '../../bench/usage';

const NOTHING: Usage = { transitions: 0, invocations: 0, gigabyteSeconds: 0, writeRequests: 0, readRequests: 0 };

describe('what an import costs', () => {
  test.each<[keyof Usage, number]>([
    ['transitions', 25],
    ['invocations', 0.2],
    ['gigabyteSeconds', 13.3334],
    ['writeRequests', 5],
    ['readRequests', 0.4],
  ])('a million %s cost $%d', (part, price) => {
    expect(dollars({ ...NOTHING, [part]: 1e6 })).toBeCloseTo(price, 9);
  });

  test('is the sum of its parts', () => {
    const usage: Usage = { transitions: 1e6, invocations: 1e6, gigabyteSeconds: 1e6, writeRequests: 1e6, readRequests: 1e6 };

    expect(dollars(usage)).toBeCloseTo(43.9334, 9);
  });
});

test('requests are charged by kind, and deletes of one object are free', () => {
  const times = (requests: number) => ({ requests, errors: 0, bytesReceived: 0, bytesSent: 0 });
  const traffic = {
    PutObject: times(3), UploadPartCopy: times(5), ListObjectsV2: times(1), ListParts: times(1), DeleteObjects: times(1),
    GetObject: times(7), HeadObject: times(2),
    DeleteObject: times(100), AbortMultipartUpload: times(100),
  };

  expect(requestsOf({ traffic, chunkReads: { ofCopyable: 0, ofSmaller: 0 } })).toEqual({ writeRequests: 11, readRequests: 9 });
});

test('gigabyte-seconds are those of each function by its own memory', () => {
  const invocations = [{ state: 'Fetch', seconds: 10 }, { state: 'Persist', seconds: 4 }, { state: 'Fetch', seconds: 2 }];

  expect(gigabyteSecondsOf(invocations, (state) => (state === 'Fetch' ? 1024 : 512))).toBe(14);
});
