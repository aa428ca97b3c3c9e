import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ChunkCache, FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
import { LocalCloud } from 'cdk-paginated-import/local';
import { SOURCE_MODULE_FILE } from '../src/protocol/environment';
import { ImportResult } from '../src/protocol/machine-state';
import { Manifest } from '../src/protocol/manifest';

/** Page sizes that there is a machine for. */
export type PageSize = 25 | 1000;

/** What one import took. */
export interface Measurement {
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
  /** States that were entered. */
  readonly transitions: number;
  readonly chunks: number;
}

/**
 * The state machines that the imports are measured with, synthesized and on this computer. Every import replaces the object of the one
 * before it, so that the store, which is in memory, does not grow.
 */
export class BenchApp implements AsyncDisposable {
  public static async start(): Promise<BenchApp> {
    const folder = mkdtempSync(join(tmpdir(), 'paginated-import-bench-'));
    const app = new App({ outdir: join(folder, 'cdk.out') });
    const stack = new Stack(app, 'Bench');
    const bucket = new s3.Bucket(stack, 'Bucket');
    const props = {
      fetchPage: FetchPageHandler.fromEntry(join(__dirname, 'pages.source.ts')),
      destination: ImportDestination.toBucket(bucket, { key: 'published/bench.jsonl' }),
      chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache' }),
    };
    ([25, 1000] satisfies PageSize[]).forEach((pageSize) => new PaginatedImportStateMachine(stack, `PagesOf${pageSize}`, { ...props, pageSize }));
    const assembly = app.synth();
    return new BenchApp(folder, assembly.directory, await LocalCloud.start({ assembly }));
  }

  private constructor(private readonly folder: string, private readonly assembly: string, public readonly cloud: LocalCloud) {}

  public get bucket(): string {
    return this.cloud.bucketName('Bucket');
  }

  /** Folder with the fetch function's code: the shipped loop, and the source beside it. */
  public get fetchFunctionFolder(): string {
    const folders = readdirSync(this.assembly).map((name) => join(this.assembly, name)).filter((path) => !path.endsWith('.json'));
    return folders.find((path) => readdirSync(path).includes(SOURCE_MODULE_FILE))!;
  }

  /** Runs an import through the whole machine. @throws Error where it does not publish exactly what the source has */
  public async import(pageSize: PageSize, pages: number): Promise<Measurement> {
    let transitions = 0;
    const startedAt = performance.now();
    const execution = this.cloud.startExecution(`PagesOf${pageSize}/StateMachine`, { pages }, {
      onEvent: ({ type }) => { if (type.endsWith('StateEntered')) transitions += 1; },
    });
    const { status, output, cause } = await execution.result();
    const seconds = (performance.now() - startedAt) / 1000;
    if (status !== 'SUCCEEDED') throw new Error(`The import ended as ${status}: ${cause}`);
    const { records, bytes, manifestKey } = output as unknown as ImportResult;
    if (records !== pages * pageSize) throw new Error(`The import has ${records} records instead of ${pages * pageSize}.`);
    const { chunks } = JSON.parse(this.cloud.s3.read(this.bucket, manifestKey).toString()) as Manifest;
    return { pages, records, bytes, seconds, transitions, chunks: chunks.length };
  }

  public async [Symbol.asyncDispose](): Promise<void> {
    await this.cloud.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
