import { FetchPageRequest } from '../../src/protocol/fetch-contract';
import { Clock, PageSource } from '../../src/runtime/core/ports';
import { SeededChance } from '../kit/seeded-chance';

/** A record that tells where it is from. */
export interface TracedRecord {
  readonly page: number;
  readonly row: number;
  /** The call that it came with: no two calls answer the same. */
  readonly call: number;
}

export interface ChainSourceOptions {
  /** Records of each page. */
  readonly shape: readonly number[];
  readonly style: 'token' | 'flag';
  /** One call in so many throws or asks for a wait; 0 for none. */
  oneIn: number;
}

/** Longest time that a page takes, in milliseconds. */
const SLOWEST_PAGE = 4000;

/**
 * A source that never answers the same twice, and hands out tokens that name the call they came with: whether the pages of a published
 * object belong together can be told from its records alone.
 */
export class ChainSource implements PageSource {
  /** The call whose token each call was made with. */
  private readonly madeAfter: (number | null)[] = [];

  constructor(public readonly options: ChainSourceOptions, private readonly chance: SeededChance, private readonly clock: Clock) {}

  public async fetchPage({ pageNumber, pageToken }: FetchPageRequest): Promise<unknown> {
    const call = this.madeAfter.push(pageToken as number | null) - 1;
    await this.clock.sleep(this.chance.below(SLOWEST_PAGE));
    const { shape, style, oneIn } = this.options;
    if (oneIn > 0 && this.chance.oneIn(oneIn)) return this.fail();
    const records = Array.from({ length: shape[pageNumber - 1] ?? 0 }, (_, row): TracedRecord => ({ page: pageNumber, row, call }));
    const hasMore = pageNumber < shape.length;
    return style === 'token' ? { records, nextPageToken: hasMore ? call : null } : { records, hasMore };
  }

  /** What is wrong with a published object; nothing if it holds each page exactly once, in order, and all of one chain. */
  public problemOf(text: string): string | undefined {
    const records = text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as TracedRecord);
    const expected = this.options.shape.flatMap((count, index) => Array.from({ length: count }, (_, row) => `${index + 1}.${row}`));
    const found = records.map(({ page, row }) => `${page}.${row}`);
    if (found.join() !== expected.join()) return `it holds ${found.join()}, not ${expected.join()}`;
    return this.options.style === 'token' ? this.brokenLink(records) : mixedPage(records);
  }

  /** Walks back from the last record along the tokens: every record must come from one of these calls. */
  private brokenLink(records: readonly TracedRecord[]): string | undefined {
    const last = records.at(-1);
    if (last === undefined) return undefined;
    const chain = new Map<number, number>();
    let call: number | null = last.call;
    for (let page = last.page; page >= 1 && call !== null; page--) {
      chain.set(page, call);
      call = this.madeAfter[call]!;
    }
    const stray = records.find((record) => chain.get(record.page) !== record.call);
    return stray && `page ${stray.page} is from call ${stray.call}, the pages after it go on from call ${chain.get(stray.page)}`;
  }

  private fail(): unknown {
    if (this.chance.oneIn(2)) throw new Error('the source is out of order');
    return { retryAfterSeconds: 1 + this.chance.below(30) };
  }
}

function mixedPage(records: readonly TracedRecord[]): string | undefined {
  const stray = records.find(({ page, call }, index) => records[index - 1]?.page === page && records[index - 1]?.call !== call);
  return stray && `page ${stray.page} is mixed from several calls`;
}
