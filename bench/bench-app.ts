import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ChunkCache, FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
import { Assembly } from '../src/local/assembly/assembly';
import { AssemblyFunction, functionsOf } from '../src/local/assembly/functions';
import { FunctionDefinition } from '../src/local/lambda/function-definition';

/** Page sizes for which there is a machine. */
export const PAGE_SIZES = [25, 100, 1000] as const;
export type PageSize = typeof PAGE_SIZES[number];

/** The bucket that all contenders use. */
export const BUCKET = 'bench';

/** The state machines that are measured, as `cdk synth` writes them. */
export class BenchApp implements Disposable {
  /** Folder of the cloud assembly. */
  public readonly assembly: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'paginated-import-bench-'));
  private readonly functions: readonly AssemblyFunction[];

  constructor() {
    const app = new App({ outdir: join(this.folder, 'cdk.out'), builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Bench');
    const bucket = new s3.Bucket(stack, 'Bucket', { bucketName: BUCKET });
    const props = {
      fetchPage: FetchPageHandler.fromEntry(join(__dirname, 'pages.source.ts')),
      destination: ImportDestination.toBucket(bucket, { key: 'this/data.jsonl' }),
      chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache' }),
    };
    PAGE_SIZES.forEach((pageSize) => new PaginatedImportStateMachine(stack, machineId(pageSize), { ...props, pageSize }));
    this.assembly = app.synth().directory;
    this.functions = functionsOf(Assembly.read(this.assembly)).filter(({ resource }) => resource.path.includes('/PagesOf'));
  }

  /** Construct paths of the functions of all machines. */
  public get functionPaths(): string[] {
    return this.functions.map(({ resource }) => resource.path);
  }

  /** The function of a step in the machine for a page size. */
  public function(pageSize: PageSize, step: string): FunctionDefinition {
    const found = this.functions.find(({ resource: { path } }) => path.includes(`/${machineId(pageSize)}/`) && path.split('/').includes(step));
    if (found === undefined) throw new Error(`The machine for pages of ${pageSize} has no function of the step ${step}.`);
    return found.definition();
  }

  public [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function machineId(pageSize: PageSize): string {
  return `PagesOf${pageSize}`;
}
