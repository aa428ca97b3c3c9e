import { FetchPageRequest } from '../../src/protocol/fetch-contract';
import { PageSource } from '../../src/runtime/ports/ports';

/** An answer of a source, or a function that throws, hangs or takes its time. */
export type Answer = (request: FetchPageRequest, signal: AbortSignal) => unknown;

/** A source that gives scripted answers and records its requests. */
export class ScriptedSource implements PageSource {
  /** All requests in order. */
  public readonly asked: FetchPageRequest[] = [];
  /** Requests for pages to import, without those that check the end. */
  public readonly requests: FetchPageRequest[] = [];
  /** Number of the page that was an empty array. */
  private emptyPage: number | undefined;

  constructor(private readonly answer: Answer) {}

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    this.asked.push(request);
    if (!this.isQuestion(request)) this.requests.push(request);
    const answer = await this.answer(request, signal);
    if (Array.isArray(answer) && answer.length === 0) this.emptyPage ??= request.pageNumber;
    return answer;
  }

  private isQuestion({ pageNumber, pageSize, offset }: FetchPageRequest): boolean {
    return offset !== (pageNumber - 1) * pageSize || (this.emptyPage !== undefined && pageNumber > this.emptyPage);
  }

  /** Numbers of the requested pages, in order. */
  public get pageNumbers(): number[] {
    return this.requests.map(({ pageNumber }) => pageNumber);
  }
}

/** Offset style: slices of the records, then empty pages. */
export function offsetSource(records: readonly unknown[]): ScriptedSource {
  return new ScriptedSource(({ offset, pageSize }) => records.slice(offset, offset + pageSize));
}

/** Offset style with a flag. */
export function flaggedSource(records: readonly unknown[]): ScriptedSource {
  return new ScriptedSource(({ offset, pageSize }) => ({
    records: records.slice(offset, offset + pageSize), hasMore: offset + pageSize < records.length,
  }));
}

/** Token style: the pages one after another; the token is the index of the next page. */
export function tokenSource(pages: readonly (readonly unknown[])[]): ScriptedSource {
  return new ScriptedSource(({ pageToken }) => {
    const index = pageToken === null ? 0 : pageToken as number;
    return { records: pages[index], nextPageToken: index + 1 < pages.length ? index + 1 : null };
  });
}

/** One answer per call, whatever the request. An answer that is a function is called. */
export function sequence(...answers: readonly unknown[]): ScriptedSource {
  let calls = 0;
  return new ScriptedSource((request, signal) => {
    if (calls >= answers.length) throw new Error(`the script has no answer number ${calls + 1}`);
    const answer = answers[calls++];
    return typeof answer === 'function' ? (answer as Answer)(request, signal) : answer;
  });
}

/** A handler that never answers and ignores its signal. */
export const never: Answer = () => new Promise(() => {});

/** `count` records, each with its number. */
export function numberedRecords(count: number): { readonly n: number }[] {
  return Array.from({ length: count }, (_, n) => ({ n }));
}

/** Records as the published object has them. */
export function jsonLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
