import { checkHttpSettings } from '../../../src/protocol/http-check/check-http-settings';
import { HttpDecoder, HttpJob, HttpSettings, OffsetAdvance } from '../../../src/protocol/http-settings';
import { JsonValue } from '../../../src/protocol/json';
import type { Source, SourceRequest } from '../../../src/source/handler/define-source';
import { sourceOf } from '../../../src/source/http/source-of';
import { Answer, numbered, Received, requestFor, ScriptedServer, TestTools } from './kit';

/** A server that makes exports: each job is done at the third question. */
class Exports {
  public readonly jobs: { questions: number }[] = [];
  public readonly tools = new TestTools();
  public override: ((request: Received) => Answer | undefined) | undefined;
  public server!: ScriptedServer;

  public async start(): Promise<this> {
    this.server = await ScriptedServer.start((received) => this.override?.(received) ?? this.answer(received));
    return this;
  }

  public source(settings: Partial<HttpSettings> = {}, job: Partial<HttpJob> = {}): Source {
    const { origin } = this.server;
    const whole: HttpSettings = {
      url: `${origin}/jobs/{job}/rows`,
      privateNetwork: true,
      pagination: { style: 'token', token: { header: 'X-Next' }, send: { query: 'from' }, size: { query: 'limit' } },
      decoder: HttpDecoder.JSON_LINES,
      auth: { kind: 'bearer', token: { environment: 'T' } },
      ...settings,
      job: {
        createUrl: `${origin}/jobs`, createBody: { since: '{input.since}' }, id: { body: '$.id' }, statusUrl: `${origin}/jobs/{job}`, state: { body: '$.state' },
        done: ['done'], failed: ['failed'], ...job,
      },
    };
    checkHttpSettings('here', whole);
    return sourceOf(whole, this.tools);
  }

  private answer({ method, url, query, body }: Received): Answer {
    if (method === 'POST' && url === '/jobs') {
      const { since } = JSON.parse(body) as { since: string };
      return since === '2026' ? { status: 201, body: { id: this.jobs.push({ questions: 0 }) - 1 } } : { status: 400 };
    }
    const [, , id, what] = new URL(url, 'http://a').pathname.split('/');
    if (url.startsWith('/files/')) return { body: lines(numbered(3, Number(id) * 3)) };
    const job = this.jobs[Number(id)]!;
    if (what === undefined) {
      const isDone = ++job.questions >= 3;
      const files = [0, 1].map((file) => ({ url: `/files/${file}?v=${job.questions}` }));
      return { body: isDone ? { state: 'done', files } : { state: 'running' } };
    }
    const from = Number(query.from ?? 0);
    return { body: lines(numbered(25).slice(from, from + Number(query.limit))), headers: from + 10 < 25 ? { 'x-next': String(from + 10) } : {} };
  }
}

function lines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

interface Page {
  readonly records: readonly unknown[];
  readonly nextPageToken: JsonValue;
}

let exporter: Exports;
beforeEach(async () => {
  exporter = await new Exports().start();
  exporter.tools.secrets.T = 'token-1';
});
afterEach(async () => exporter.server.close());

/** Reads it all, as an import does: it waits when it is asked to. Each page may be another invocation's, and has a source of its own. */
async function readAll(make: () => Source, input: object = { since: '2026' }): Promise<{ records: unknown[]; waits: number[] }> {
  const [records, waits]: [unknown[], number[]] = [[], []];
  let pageToken: JsonValue = null;
  for (let pageNumber = 1; ; pageNumber++) {
    const answer = await pageOrWait(make(), request({ pageToken, pageNumber, input }));
    if (typeof answer === 'number') {
      waits.push(answer);
      pageNumber--;
      continue;
    }
    records.push(...answer.records);
    if (answer.nextPageToken === null) return { records, waits };
    pageToken = JSON.parse(JSON.stringify(answer.nextPageToken)) as JsonValue;
  }
}

async function pageOrWait(source: Source, asked: SourceRequest): Promise<Page | number> {
  try {
    return await source.fetchPage(asked) as Page;
  } catch (error) {
    const { name, retryAfterSeconds } = error as { readonly name: string; readonly retryAfterSeconds: number };
    if (name !== 'RetryLaterError') throw error;
    return retryAfterSeconds;
  }
}

function request(fields: Partial<SourceRequest> = {}): SourceRequest {
  return requestFor({ input: { since: '2026' }, ...fields });
}

const FILES: [Partial<HttpSettings>, Partial<HttpJob>] = [{ pagination: { style: 'single' } }, { files: '$.files[*].url' }];

test('a job is created once, waited for, and its result read in pages', async () => {
  expect(await readAll(() => exporter.source())).toEqual({ records: numbered(25), waits: [10, 10] });
  expect(exporter.jobs).toEqual([{ questions: 3 }]);
  expect(exporter.server.received.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true);
});

test('its files are pages, whose addresses are asked for anew each time', async () => {
  expect(await readAll(() => exporter.source(...FILES))).toEqual({ records: numbered(6), waits: [10, 10] });
  expect(exporter.server.received.map(({ url }) => url).filter((url) => url.startsWith('/files'))).toEqual(['/files/0?v=3', '/files/1?v=4']);
});

test('no address of a file is in a page token', async () => {
  const source = exporter.source(...FILES);
  exporter.jobs.push({ questions: 2 });
  const page = await source.fetchPage(request({ pageToken: { job: '0', at: null }, pageNumber: 2 })) as Page;

  expect(page.nextPageToken).toEqual({ job: '0', at: { file: 1 } });
});

test('the first page has no records: from its commit on, the job is the import\'s', async () => {
  expect(await exporter.source().fetchPage(request())).toEqual({ records: [], nextPageToken: { job: '0', at: null } });
  expect(exporter.server.received).toHaveLength(1);
});

test.each<[string, unknown, number]>([['Retry-After', { 'retry-after': '90' }, 90], ['pollSeconds', {}, 30]])('it is asked again as %s says', async (_, headers, seconds) => {
  exporter.override = ({ url }) => (url === '/jobs/7' ? { body: { state: 'running' }, headers: headers as Record<string, string> } : undefined);

  await expect(exporter.source({}, { pollSeconds: 30 }).fetchPage(request({ pageToken: { job: '7', at: null } }))).rejects.toMatchObject({
    name: 'RetryLaterError', retryAfterSeconds: seconds,
  });
});

describe('a result without records', () => {
  test.each<[string, Partial<HttpJob>, unknown]>([
    ['no files', { files: '$.files[*].url' }, { state: 'done', files: [] }],
    ['null in place of an address', { files: '$.url' }, { state: 'done', url: null }],
  ])('has %s', async (_, job, body) => {
    exporter.override = ({ method }) => (method === 'GET' ? { body } : undefined);

    expect(await readAll(() => exporter.source({ pagination: { style: 'single' } }, job))).toEqual({ records: [], waits: [] });
  });

  test('has an empty file', async () => {
    exporter.override = ({ url }) => (url.startsWith('/files') ? { body: '' } : undefined);

    expect((await readAll(() => exporter.source(...FILES))).records).toEqual([]);
  });
});

describe('what fails at once', () => {
  const asked = (settings: Partial<HttpSettings>, job: Partial<HttpJob>, pageToken: JsonValue): Promise<unknown> => (
    Promise.resolve(exporter.source(settings, job).fetchPage(request({ pageToken, pageNumber: 2 })))
  );

  test.each<[string, Partial<HttpJob>, unknown, string]>([
    ['a job that has failed', {}, { state: 'failed' }, 'The job has failed: its state is failed'],
    ['an answer without a state', {}, { status: 'done' }, 'The answer about the job has no state at $.state of the body'],
    ['an answer without files', { files: '$.files[*].url' }, { state: 'done' }, 'The job is done, but the answer has nothing at $.files[*].url: it has the fields state (a string)'],
    ['a file without an address', { files: '$.files[*].url' }, { state: 'done', files: [{ url: 'http://[' }] }, '$.files[*].url of the answer about the job has something that is no address'],
    ['a file that has no address', { files: '$.files[*].url' }, { state: 'done', files: [{ url: '/a' }, {}] }, '1 of 2 elements of $.files have nothing at .url, which would be lost'],
    ['a file on another origin', { files: '$.files[*]' }, { state: 'done', files: ['https://evil.example.com/x'] }, 'The source leads to https://evil.example.com'],
  ])('%s', async (_, job, body, message) => {
    exporter.override = () => ({ body });

    await expect(asked(job.files === undefined ? {} : { pagination: { style: 'single' } }, job, { job: '1', at: null })).rejects.toMatchObject({
      name: 'NonRetryableError', message: expect.stringContaining(message) as string,
    });
  });

  test('fewer files than before', async () => {
    exporter.override = () => ({ body: { state: 'done', files: ['/a'] } });

    await expect(asked({ pagination: { style: 'single' } }, { files: '$.files[*]' }, { job: '1', at: { file: 1 } })).rejects.toThrow('The job has 1 files now, fewer than before');
  });

  test('a job without an id', async () => {
    exporter.override = () => ({ body: {} });

    await expect(asked({}, {}, null)).rejects.toThrow('The source has created a job, but its answer has no id at $.id of the body');
  });

  test('a page token of something else', async () => {
    await expect(asked({}, {}, 'x')).rejects.toThrow('The page token is none of a job');
  });
});

describe('settings', () => {
  test.each<[string, Partial<HttpSettings>, Partial<HttpJob>, string]>([
    ['without a state that is done', {}, { done: [] }, 'job.done is an empty list'],
    ['with a state that is both', {}, { failed: ['done'] }, 'job.done and job.failed both have "done"'],
    ['with files and pages', {}, { files: '$.files' }, 'job.files has the pages'],
    ['by offset', { pagination: { style: 'offset', offset: { query: 'o' } } }, {}, 'the result of a job cannot be read by offset'],
    ['of another origin', {}, { statusUrl: 'https://other.example.com/{job}' }, 'job.createUrl, job.statusUrl and url have different origins'],
  ])('%s are refused', (_, settings, job, message) => {
    expect(() => exporter.source(settings, job)).toThrow(message);
  });

  test('by an offset that grows by what came are right', () => {
    expect(() => exporter.source({ pagination: { style: 'offset', offset: { query: 'o' }, advance: OffsetAdvance.RECEIVED } })).not.toThrow();
  });

  test('with the id of a job that there is not are refused', () => {
    expect(() => checkHttpSettings('here', { url: 'https://a.example.com/{job}', pagination: { style: 'single' } })).toThrow('{job} stands for the id of a job, but there is none');
  });
});
