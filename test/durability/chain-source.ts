import { csvParse } from 'd3-dsv';
import { FetchPageRequest } from '../../src/protocol/fetch-contract';
import { Clock } from '../../src/runtime/ports/ports';
import { SeededChance } from '../kit/seeded-chance';
import { Attempt } from './attempt';
import { FIRST_PAGE_COLUMN, UNSEEN_COLUMNS } from './destination';

/** A record that tells where it is from. */
export interface TracedRecord {
  readonly page: number;
  readonly row: number;
  /** The call that it came with: no two calls answer the same. */
  readonly call: number;
  /** Only records of the first page have it, where the source is asked for it. */
  readonly first?: true;
  /** Makes it as large as is asked for. */
  readonly padding?: string;
}

/** Where the pages are told apart: by a token, by a flag, or by the first empty one. */
export type Style = 'token' | 'flag' | 'offset';

export interface ChainSourceOptions {
  /** Records of each page. The offset style ends at the first page without any. */
  readonly shape: readonly number[];
  readonly style: Style;
  /** Whether records of the first page have a field more. Default: no. */
  readonly marksFirstPage?: boolean;
  /** Characters that are added to each record. Default: none. */
  readonly padding?: number;
}

/** A call of the handler. */
export interface PageCall {
  readonly pageNumber: number;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
  /** Whether nothing that comes is taken: an import of one short page asks once more before it ends. */
  readonly isQuestion: boolean;
}

/** What goes wrong with a page; `undefined` for nothing. What it returns in place of a page is the handler's answer. */
export type PageTrouble = (call: PageCall) => Promise<unknown> | undefined;

/** Longest time that a page takes, in milliseconds. */
const SLOWEST_PAGE = 4000;

/**
 * A source that never answers the same twice, and hands out tokens that name the call they came with: whether the pages of a published
 * object belong together can be told from its records alone.
 */
export class ChainSource {
  /** What goes wrong with its pages. */
  public trouble?: PageTrouble;
  /** The calls so far. */
  public readonly calls: PageCall[] = [];
  /** The call whose token each call was made with. */
  private readonly madeAfter: (number | null)[] = [];
  private readonly shape: readonly number[];

  constructor(private readonly options: ChainSourceOptions, private readonly chance: SeededChance, private readonly clock: Clock) {
    this.shape = options.style === 'offset' ? untilEmpty(options.shape) : options.shape;
  }

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal, attempt: Attempt): Promise<unknown> {
    const { pageNumber, pageToken } = request;
    const number = this.madeAfter.push(pageToken as number | null) - 1;
    const call = { pageNumber, attempt, signal, isQuestion: isQuestion(request) };
    this.calls.push(call);
    await this.clock.sleep(this.chance.below(SLOWEST_PAGE));
    return await this.trouble?.(call) ?? this.page(request, number);
  }

  /** Records of all pages. */
  public get count(): number {
    return this.shape.reduce((sum, count) => sum + count, 0);
  }

  /** Whether an import of pages of so many records ends with a full one, and nothing but a missing token says that it is the last. */
  public endsWithFullPage(pageSize: number): boolean {
    return this.options.style === 'token' && this.shape.at(-1) === pageSize;
  }

  /** Columns of a CSV that none of its records has. */
  public get unseenColumns(): string[] {
    return this.options.marksFirstPage === true ? UNSEEN_COLUMNS : [FIRST_PAGE_COLUMN, ...UNSEEN_COLUMNS];
  }

  /** What is wrong with a published object; nothing if it holds each page exactly once, in order, and all of one chain. */
  public problemOf(text: string): string | undefined {
    const records = recordsIn(text);
    const expected = this.shape.flatMap((count, index) => Array.from({ length: count }, (_, row) => `${index + 1}.${row}`));
    const found = records.map(({ page, row }) => `${page}.${row}`);
    if (found.join() !== expected.join()) return `it holds ${found.join()}, not ${expected.join()}`;
    return this.options.style === 'token' ? this.brokenLink(records) : mixedPage(records);
  }

  protected page({ pageNumber }: FetchPageRequest, call: number): unknown {
    const { style, padding, marksFirstPage = false } = this.options;
    const record = {
      page: pageNumber, call, ...padding === undefined ? {} : { padding: ' '.repeat(padding) }, ...marksFirstPage && pageNumber === 1 ? { first: true as const } : {},
    };
    const records = Array.from({ length: this.shape[pageNumber - 1] ?? 0 }, (_, row): TracedRecord => ({ ...record, row }));
    const hasMore = pageNumber < this.shape.length;
    switch (style) {
      case 'token': return { records, nextPageToken: hasMore ? call : null };
      case 'flag': return { records, hasMore };
      case 'offset': return records;
    }
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
}

/** Those of JSON Lines, or of a CSV. */
function recordsIn(text: string): TracedRecord[] {
  if (!text.startsWith('page,')) return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as TracedRecord);
  return csvParse(text).map(({ page, row, call }) => ({ page: Number(page), row: Number(row), call: Number(call) }));
}

/** A page begins behind full ones. */
export function isQuestion({ pageNumber, pageSize, offset }: FetchPageRequest): boolean {
  return offset !== (pageNumber - 1) * pageSize;
}

function untilEmpty(shape: readonly number[]): readonly number[] {
  const end = shape.indexOf(0);
  return end < 0 ? shape : shape.slice(0, end);
}

function mixedPage(records: readonly TracedRecord[]): string | undefined {
  const stray = records.find(({ page, call }, index) => records[index - 1]?.page === page && records[index - 1]?.call !== call);
  return stray && `page ${stray.page} is mixed from several calls`;
}
