import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { BenchApp, BUCKET } from './bench-app';
import { ask, end } from './child-process';
import type { ContenderName, ContenderResult, ContenderSetup, ImportSize } from './contenders/contender.mts';
import { S3Counts, S3Process } from './s3-process';

/** An import by one of the contenders. */
export interface Measurement extends ContenderResult {
  readonly contender: ContenderName;
  readonly size: ImportSize;
  /** Size of the published object. */
  readonly bytes: number;
  readonly s3: S3Counts;
}

/** Number and size of the warm-up imports: enough to compile all code, including that of requests. */
const WARM_UP_IMPORTS = 5;
const WARM_UP_RECORDS = 20_000;

/** Maximum warm-up pages for the classic loop, whose time grows with their square. */
const CLASSIC_WARM_UP_PAGES = 50;

/** Runs each contender in a separate process, with several small warm-up imports before the measured one. */
export class ContenderRunner {
  constructor(private readonly app: BenchApp, private readonly s3: S3Process) {}

  /** @throws Error if it fails or publishes nothing */
  public async run(contender: ContenderName, size: ImportSize): Promise<Measurement> {
    const child = this.start(contender);
    try {
      await this.warmUp(child, contender, size);
      await this.s3.countAnew();
      const result = await ask<ContenderResult>(child, size);
      const counts = await this.s3.counts();
      return { contender, size, ...result, bytes: await this.s3.bytesOf(BUCKET, result.key), s3: counts };
    } finally {
      await end(child);
      await this.s3.clear(BUCKET);
    }
  }

  private async warmUp(child: ChildProcess, contender: ContenderName, size: ImportSize): Promise<void> {
    for (let imports = 0; imports < WARM_UP_IMPORTS; imports++) {
      await ask<ContenderResult>(child, warmUpSize(contender, size));
      await this.s3.clear(BUCKET);
    }
  }

  private start(contender: ContenderName): ChildProcess {
    const setup: ContenderSetup = { contender, bucket: BUCKET, assembly: this.app.assembly, functions: this.app.functionPaths };
    return fork(join(__dirname, 'contenders', 'contender-process.mts'), [JSON.stringify(setup)], {
      execArgv: [], env: { PATH: process.env.PATH, ...this.s3.environment },
    });
  }
}

function warmUpSize(contender: ContenderName, { pageSize }: ImportSize): ImportSize {
  const pages = WARM_UP_RECORDS / pageSize;
  return { pages: contender === 'classic' ? Math.min(pages, CLASSIC_WARM_UP_PAGES) : pages, pageSize, pageMilliseconds: 0 };
}
