import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import {
  ChunkCache, FetchPageHandler, ImportDestination, OutputOptions, PaginatedImportProps, PaginatedImportStateMachine,
} from 'cdk-paginated-import';
import { Execution, ExecutionEvent, ExecutionResult, FunctionLogLine, Interceptor, LocalCloud, LocalCloudOptions } from 'cdk-paginated-import/local';
import type { ImportResult, LoopState } from '../../src/protocol/machine-state';
import type { Manifest } from '../../src/protocol/manifest';
import { Order, order } from './fixtures/order';

// A run takes less than a second; a machine that is busy with other tests may need more.
jest.setTimeout(60_000);

/** A module of the fixtures, as a handler. */
export function handlerOf(fixture: string): FetchPageHandler {
  return FetchPageHandler.fromEntry(join(__dirname, 'fixtures', fixture));
}

/** A stack with one bucket to publish to, one for the cache, and helpers to put imports into it. */
export class ImportsStack extends Stack {
  public readonly bucket = new s3.Bucket(this, 'Destination', { enforceSSL: true });
  public readonly cacheBucket = new s3.Bucket(this, 'Cache', { enforceSSL: true });
  private readonly orders = handlerOf('orders.source.ts');

  /** Props of an import of orders, ten a page, each execution to an object of its own. */
  public props(props: Partial<PaginatedImportProps> = {}): PaginatedImportProps {
    return {
      fetchPage: this.orders,
      pageSize: 10,
      destination: this.destination('orders/{importId}.jsonl'),
      chunkCache: ChunkCache.fromBucket(this.cacheBucket, { prefix: 'cache' }),
      ...props,
    };
  }

  public destination(key: string, options: OutputOptions = {}): ImportDestination {
    return ImportDestination.toBucket(this.bucket, { key, ...options });
  }

  /** A machine as a later deployment has it: with the series of another one, which synth refuses to give twice where it knows the cache. */
  public redeployed(
    id: string, { seriesName }: PaginatedImportStateMachine, props: Partial<PaginatedImportProps> = {},
  ): PaginatedImportStateMachine {
    const cache = s3.Bucket.fromBucketName(this, `CacheOf${id}`, this.cacheBucket.bucketName);
    return this.machine(id, { chunkCache: ChunkCache.fromBucket(cache, { prefix: 'cache' }), seriesName, ...props });
  }

  public machine(id: string, props: Partial<PaginatedImportProps> = {}): PaginatedImportStateMachine {
    return new PaginatedImportStateMachine(this, id, this.props(props));
  }
}

/** An execution that has ended, with all that was seen of it and of its child executions. */
export interface Run {
  readonly execution: Execution;
  readonly result: ExecutionResult;
  readonly events: readonly ExecutionEvent[];
  /** Names of the states, in the order in which they were entered. */
  readonly entered: readonly string[];
}

/** An execution of an import's machine that has succeeded. */
export interface ImportRun extends Run {
  readonly output: ImportResult;
}

export type S3Request = Parameters<Interceptor>[0];

/** What puts imports into a stack. */
export type Build = (stack: ImportsStack) => void;

/** Synthesizes an app with a stack of imports into a folder. This is slow: each handler is bundled, and tried in a process of its own. */
export function synthesize(build: Build, folder: string): CloudAssembly {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  build(new ImportsStack(app, 'Imports'));
  return app.synth();
}

/** A synthesized app on this computer, in whose waits no time passes. */
export class TestCloud implements AsyncDisposable {
  /** @param app what is to be synthesized for this cloud alone, or an assembly that the caller shares among several */
  public static async start(app: Build | CloudAssembly, options: Omit<LocalCloudOptions, 'assembly'> = {}): Promise<TestCloud> {
    const folder = mkdtempSync(join(tmpdir(), 'paginated-import-'));
    const assembly = typeof app === 'function' ? synthesize(app, folder) : app;
    const log: FunctionLogLine[] = [];
    const local = await LocalCloud.start({ assembly, timeScale: 0, onLine: (line) => log.push(line), ...options });
    return new TestCloud(local, folder, log);
  }

  private files = 0;
  private readonly events = new Map<Execution, ExecutionEvent[]>();

  private constructor(
    public readonly local: LocalCloud,
    private readonly folder: string,
    /** All that the Lambda functions have written. */
    public readonly log: readonly FunctionLogLine[],
  ) {}

  /** Path of a file or folder that does not exist yet, for handlers to say something by. */
  public unusedPath(): string {
    this.files += 1;
    return join(this.folder, `marker-${this.files}`);
  }

  /** Runs an execution of an import's machine, named by its construct's id, to its end, whichever that is. */
  public async run(id: string, input: unknown): Promise<Run> {
    return this.runMachine(`${id}/StateMachine`, input);
  }

  /** Runs an execution of any machine, by its construct path. */
  public async runMachine(machine: string, input: unknown): Promise<Run> {
    return this.ended(this.start(machine, input));
  }

  /** Starts an execution of any machine, by its construct path. */
  public start(machine: string, input: unknown): Execution {
    const events: ExecutionEvent[] = [];
    const execution = this.local.startExecution(machine, input, { onEvent: (event) => events.push(event) });
    this.events.set(execution, events);
    return execution;
  }

  /** An execution that was started here, once it has ended. */
  public async ended(execution: Execution): Promise<Run> {
    return this.endedFrom(execution, 0);
  }

  /** Redrives an execution to its end, whichever that is. Only what the redrive did is told. */
  public async redrive({ execution }: Pick<Run, 'execution'>): Promise<Run> {
    const before = this.events.get(execution)!.length;
    return this.endedFrom(execution.redrive(), before);
  }

  /** Redrives an execution that must succeed then. */
  public async redriveToEnd(run: Pick<Run, 'execution'>): Promise<ImportRun> {
    return imported(await this.redrive(run));
  }

  /** Runs something while S3 refuses the requests that are meant, of which there must be some. */
  public async denying<T>(isMeant: (request: S3Request) => boolean, work: () => Promise<T>): Promise<T> {
    let denied = 0;
    const remove = this.local.s3.intercept((request) => (isMeant(request) && ++denied ? { kind: 'fail', code: 'AccessDenied', status: 403 } : undefined));
    const result = await work().finally(remove);
    if (denied === 0) throw new Error('Nothing was denied.');
    return result;
  }

  private async endedFrom(execution: Execution, first: number): Promise<Run> {
    const result = await execution.result();
    const events = this.events.get(execution)!.slice(first);
    return { execution, result, events, entered: events.filter(({ type }) => type.endsWith('StateEntered')).map(({ state }) => state!) };
  }

  /** Runs an execution that must succeed. */
  public async import(id: string, input: unknown): Promise<ImportRun> {
    return imported(await this.run(id, input));
  }

  /** The records of a published object. */
  public records({ bucket, key }: Pick<ImportResult, 'bucket' | 'key'>): unknown[] {
    return linesOf(this.local.s3.read(bucket, key)).map((line) => JSON.parse(line) as unknown);
  }

  public manifest({ bucket, manifestKey }: Pick<ImportResult, 'bucket' | 'manifestKey'>): Manifest {
    return JSON.parse(this.local.s3.read(bucket, manifestKey).toString()) as Manifest;
  }

  /** Keys of the cache below a prefix. */
  public cached(prefix = 'cache/'): string[] {
    return this.local.s3.list(this.local.bucketName('Cache'), prefix).map(({ key }) => key);
  }

  /** Where an import's files are in the cache, without a slash at the end. */
  public folderOf(importId: string): string {
    const file = `/${importId}/import.json`;
    return this.cached().find((key) => key.endsWith(file))!.slice(0, -'/import.json'.length);
  }

  /** Keys of an import's files. */
  public cachedOf(importId: string, folder = ''): string[] {
    return this.cached(`${this.folderOf(importId)}/${folder}`);
  }

  /** A file of the cache. */
  public cachedFile(key: string): any {
    return JSON.parse(this.local.s3.read(this.local.bucketName('Cache'), key).toString());
  }

  /** Keys of the destination bucket. */
  public published(): string[] {
    return this.local.s3.list(this.local.bucketName('Destination')).map(({ key }) => key);
  }

  public async [Symbol.asyncDispose](): Promise<void> {
    await this.local.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function imported(run: Run): ImportRun {
  const { status, error, cause, output } = run.result;
  if (status !== 'SUCCEEDED') throw new Error(`${status} ${error}: ${cause}`);
  return { ...run, output: output as unknown as ImportResult };
}

/** The pages that the noted source was asked for, one after the other. */
export function askedPages(asked: string): number[] {
  return existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').filter(Boolean).map(Number) : [];
}

/** The import that an execution has started or resumed. */
export function importIdOf({ events }: Run): string {
  const initialized = events.find(({ state, type }) => state === 'Initialize' && type === 'TaskStateExited');
  return (initialized!.output as unknown as LoopState).importId;
}

/** What Lambda tells of a failure, as the cause of an execution's end. */
export function failureOf({ result }: Run): { readonly errorType: string; readonly errorMessage: string } {
  return JSON.parse(result.cause ?? '{}');
}

/** The import that a failed execution has left, by the hint in its message. */
export function resumeHintOf(run: Run): { readonly resumeFrom: string } {
  return JSON.parse(/\{"resumeFrom":"[^"]+"\}/.exec(failureOf(run).errorMessage)![0]);
}

/** The first so many orders. */
export function orders(count: number, label = 'orders'): Order[] {
  return Array.from({ length: count }, (_, id) => order(id, label));
}

/** The lines of a JSON Lines file, each of which must end. */
function linesOf(bytes: Buffer): string[] {
  if (bytes.byteLength === 0) return [];
  const all = bytes.toString().split('\n');
  if (all.pop() !== '') throw new Error('The last line has no end.');
  return all;
}
