import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { OperationTraffic } from 'cdk-paginated-import/local';
import { PART_MIN_BYTES } from '../src/protocol/limits';
import { ask, end, nextMessage } from './child-process';

/** A question to the server. */
export type S3Question =
  | { readonly kind: 'count-anew' }
  | { readonly kind: 'counts' }
  | { readonly kind: 'bytes-of'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'clear'; readonly bucket: string };

export interface S3Answer {
  readonly counts?: S3Counts;
  readonly bytes?: number;
}

/** The traffic with the server. */
export interface S3Counts {
  /** By S3 operation name. */
  readonly traffic: Readonly<Record<string, OperationTraffic>>;
  readonly chunkReads: ChunkReads;
}

/** Bytes of chunks that were read by a process. */
export interface ChunkReads {
  /** From chunks that S3 can copy as a part: 5 MiB and more. */
  readonly ofCopyable: number;
  readonly ofSmaller: number;
}

/** The S3 server in a separate process, which keeps the objects in memory. */
export class S3Process implements AsyncDisposable {
  /** @param assembly folder of the cloud assembly whose buckets to create */
  public static async start(assembly: string): Promise<S3Process> {
    const child = fork(join(__dirname, 's3-server.mts'), [assembly, String(PART_MIN_BYTES)], { execArgv: ['--expose-gc'] });
    const { environment } = await nextMessage<{ readonly environment: Readonly<Record<string, string>> }>(child);
    return new S3Process(child, environment);
  }

  /** @param environment makes an AWS SDK use only this server */
  private constructor(private readonly child: ChildProcess, public readonly environment: Readonly<Record<string, string>>) {}

  /** Resets the counters. */
  public async countAnew(): Promise<void> {
    await this.ask({ kind: 'count-anew' });
  }

  public async counts(): Promise<S3Counts> {
    return (await this.ask({ kind: 'counts' })).counts!;
  }

  /** Size of an object. @throws Error if there is none */
  public async bytesOf(bucket: string, key: string): Promise<number> {
    const { bytes } = await this.ask({ kind: 'bytes-of', bucket, key });
    if (bytes === undefined) throw new Error(`There is no object ${key}: nothing was published.`);
    return bytes;
  }

  /** Drops all objects. */
  public async clear(bucket: string): Promise<void> {
    await this.ask({ kind: 'clear', bucket });
  }

  public async [Symbol.asyncDispose](): Promise<void> {
    await end(this.child);
  }

  private async ask(question: S3Question): Promise<S3Answer> {
    return ask<S3Answer>(this.child, question);
  }
}
