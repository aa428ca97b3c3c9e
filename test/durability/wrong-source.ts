import { EarlyEndError, LongPageError, MaxEmptyPagesExceededError, PageTokenLoopError, ShortPageError } from '../../src/protocol/errors';
import { FetchPageRequest } from '../../src/protocol/fetch-contract';
import { Clock } from '../../src/runtime/ports/ports';
import { SeededChance } from '../kit/seeded-chance';
import { ChainSource, TracedRecord } from './chain-source';

/** A page: its records, and what the answer says of the next one. */
type Answer = (request: FetchPageRequest, call: number) => unknown;

/** So many records, as of one call. */
function records(count: number, { pageNumber: page }: FetchPageRequest, call: number): TracedRecord[] {
  return Array.from({ length: count }, (_, row) => ({ page, row, call }));
}

/** As many records from the offset on as there are, and as the server gives. */
function rowsFrom(request: FetchPageRequest, call: number, { count, most }: { count: number; most: number }): TracedRecord[] {
  return records(Math.max(0, Math.min(count - request.offset, most)), request, call);
}

/** Pages in a circle. */
const CIRCLE = 3;

/** Most empty pages in a row of the scenarios below. */
export const MOST_EMPTY_PAGES = 4;

/** Four pages, of which the handler leaves out one. */
function withoutPage2({ pageNumber, pageSize }: FetchPageRequest): number {
  return pageNumber === 2 || pageNumber > 4 ? 0 : pageSize;
}

interface WrongSourceOptions {
  readonly error: string;
  readonly answer: Answer;
  readonly corrected: Answer;
  /** Whether what is committed is right, so that the log stays open. Default: no. */
  readonly isResumable?: boolean;
}

/** What is wrong with a source, and what an import of it fails with. */
export const WRONG_SOURCES = {
  'a circle of tokens': {
    error: PageTokenLoopError.NAME,
    answer: (request, call) => {
      const place = request.pageToken === null ? 0 : (request.pageToken as { readonly place: number }).place;
      return { records: records(1, request, call), nextPageToken: { place: (place + 1) % CIRCLE } };
    },
    corrected: (request, call) => ({ records: records(1, request, call), nextPageToken: null }),
  },
  'at most 2 records of 3': {
    error: ShortPageError.NAME,
    answer: (request, call) => rowsFrom(request, call, { count: 5, most: 2 }),
    corrected: () => [],
  },
  'at most 2 records of 3, and none at the next offset': {
    error: ShortPageError.NAME,
    answer: (request, call) => rowsFrom(request, call, { count: 3, most: 2 }),
    corrected: () => [],
  },
  'at least 4 records of 3': {
    error: LongPageError.NAME,
    answer: (request, call) => rowsFrom(request, call, { count: 9, most: 4 }),
    corrected: () => [],
  },
  'empty pages for ever': {
    error: MaxEmptyPagesExceededError.NAME,
    answer: (request, call) => ({ records: records(request.pageNumber === 1 ? 1 : 0, request, call), nextPageToken: call + 1 }),
    // Only a higher limit helps.
    corrected: (_request, call) => ({ records: [], nextPageToken: call + 1 }),
    isResumable: true,
  },
  'a page that is filtered away': {
    error: EarlyEndError.NAME,
    answer: (request, call) => records(withoutPage2(request), request, call),
    // Only another kind of answer helps.
    corrected: (request, call) => records(withoutPage2(request), request, call),
    isResumable: true,
  },
} satisfies Readonly<Record<string, WrongSourceOptions>>;
export type WrongSourceFault = keyof typeof WRONG_SOURCES;

/** A source of which nothing may ever be published. */
export class WrongSource extends ChainSource {
  private answers: Answer;

  constructor(private readonly fault: WrongSourceFault, chance: SeededChance, clock: Clock) {
    super({ style: 'token', shape: [] }, chance, clock);
    this.answers = WRONG_SOURCES[fault].answer;
  }

  /** What every import of it fails with. */
  public get error(): string {
    return WRONG_SOURCES[this.fault].error;
  }

  /** Whether the log stays open. */
  public get isResumable(): boolean {
    const { isResumable = false }: WrongSourceOptions = WRONG_SOURCES[this.fault];
    return isResumable;
  }

  /** From here on the handler hides what was wrong. */
  public correct(): void {
    this.answers = WRONG_SOURCES[this.fault].corrected;
  }

  public override problemOf(): string {
    return 'nothing may be published of such a source';
  }

  protected override page(request: FetchPageRequest, call: number): unknown {
    return this.answers(request, call);
  }
}
