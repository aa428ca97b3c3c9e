/**
 * `npm run demo`: imports the flights on this computer, with the state machine and the Lambda code that `cdk deploy` would deploy.
 * With `-- --kill-at 380`, the process that fetches is killed when page 380 is about to be committed.
 */
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { ExecutionEvent, Fault, LocalCloud, ProgressLine } from 'cdk-paginated-import/local';
import * as jsonServer from 'json-server';
import { FlightsStack } from './flights-stack';

const OUTPUT = join(process.cwd(), 'demo-output');
const FLIGHTS = join(__dirname, '../../node_modules/vega-datasets/data/flights-200k.json'); // not among the package's exports

/** The execution's output. */
interface Result {
  readonly importId: string;
  readonly bucket: string;
  readonly key: string;
  readonly manifestKey: string;
  readonly records: number;
  readonly pages: number;
  readonly bytes: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'kill-at': { type: 'string' } } });
  const faults = values['kill-at'] === undefined ? [] : [Fault.killBeforeCommit({ page: Number(values['kill-at']) })];
  const flights = JSON.parse(readFileSync(FLIGHTS, 'utf8')) as object[];
  console.log(`Serving ${flights.length.toLocaleString('en-US')} flights with json-server, page by page.`);
  await using api = await serve(flights);
  console.log('Synthesizing examples/flights, and running its state machine on this computer:');
  const assembly = mkdtempSync(join(tmpdir(), 'flights-'));
  try {
    const { result, summary, files } = await runImport(synthesize(assembly, api.url), faults);
    await check(files.records, flights, result);
    console.log(report(result, summary, files));
    if (faults.length > 0) console.log(reportOfKill(api.requests));
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

/** A third-party REST server with offset and limit. */
async function serve(flights: object[]): Promise<AsyncDisposable & { readonly url: string; readonly requests: readonly string[] }> {
  const requests: string[] = [];
  const app = jsonServer.create();
  app.use((request: { readonly url: string }, _response: unknown, next: () => void) => {
    requests.push(request.url);
    next();
  });
  app.use(jsonServer.router({ flights }));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function synthesize(outdir: string, apiUrl: string): string {
  const app = new App({ outdir });
  new FlightsStack(app, 'Flights', { apiUrl });
  app.synth();
  return outdir;
}

/** Counts what an execution costs while it runs. */
class Summary {
  public transitions = 0;
  public invocations = 0;

  public readonly onEvent = ({ type }: ExecutionEvent): void => {
    if (type.endsWith('StateEntered')) this.transitions += 1;
    if (type === 'TaskScheduled') this.invocations += 1;
  };
}

async function runImport(assembly: string, faults: readonly Fault[]) {
  const progress = new ProgressLine(process.stdout);
  const summary = new Summary();
  await using cloud = await LocalCloud.start({
    assembly,
    faults,
    onLine: progress.onLine,
    environment: { 'Flights/Flights': { PAGINATED_IMPORT_PROGRESS_INTERVAL_SECONDS: '0.2' } },
  });
  const execution = cloud.startExecution('Flights/Flights', {}, {
    onEvent: (event) => { progress.onEvent(event); summary.onEvent(event); },
  });
  const { status, output, error, cause } = await execution.result();
  progress.end();
  if (status !== 'SUCCEEDED') throw new Error(`The import ended with status ${status}: ${error} ${cause}`);
  const result = output as unknown as Result;
  return { result, summary, files: await save(cloud, result) };
}

interface Files {
  readonly records: string;
  readonly manifest: string;
}

async function save(cloud: LocalCloud, { bucket, key, manifestKey }: Result): Promise<Files> {
  mkdirSync(OUTPUT, { recursive: true });
  const files = { records: join(OUTPUT, 'flights.jsonl'), manifest: join(OUTPUT, 'manifest.json') };
  await cloud.s3.readToFile(bucket, key, files.records);
  await writeFile(files.manifest, cloud.s3.read(bucket, manifestKey));
  return files;
}

/** Checks that the file has every flight of the dataset once, in order. */
async function check(file: string, flights: object[], { records }: Result): Promise<void> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    if (text !== JSON.stringify(flights[line])) throw new Error(`Line ${line + 1} of ${file} is not flight ${line + 1} of the dataset.`);
    line += 1;
  }
  if (line !== flights.length || records !== line) throw new Error(`${file} has ${line} lines, the dataset ${flights.length} flights.`);
}

function report(result: Result, { transitions, invocations }: Summary, { records, manifest }: Files): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return `
Checked: all ${count(result.records)} flights are there, once, in the dataset's order.

  records    ${relative('', records)} (${count(result.bytes)} bytes)
  manifest   ${relative('', manifest)}
  pages      ${count(result.pages)}
  cost       ${transitions} state transitions, ${invocations} Lambda invocations

What next:
  - read examples/flights: a source and a stack are all an import needs
  - run your own source:       npx cdk-paginated-import run my.source.ts --page-size 100
  - deploy the example:        cd examples/flights && npx cdk deploy -c flightsApiUrl=https://...`;
}

/** A page that was committed before the process died is never requested again. */
function reportOfKill(requests: readonly string[]): string {
  const again = requests.flatMap((url, index) => (requests.indexOf(url) < index ? [requests.indexOf(url) + 1] : []));
  if (again.length === 0) return '\nThe page to kill at was never about to be committed, so nothing was killed.';
  return `
The process was killed before page ${again.at(-1)} was committed, and the import continued at page ${again[0]}: ${again.length} pages were requested
twice, those since the last commit. The ${again[0]! - 1} pages before them were not.`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
