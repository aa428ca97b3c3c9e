import { ReadPage } from '../../source/http/paging/style';
import { FoundCount, steadyTotal } from '../signs/totals';

/** A response, as the preview shows it. */
export interface SeenResponse {
  readonly status: number;
  readonly milliseconds: number;
  /** After decompression. */
  readonly bytes: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A page that was read, and what follows it. */
export interface PreviewedPage {
  /** Number of the page; the first one is 1. */
  readonly number: number;
  /** Everything that was received for it: redirects, refusals and pieces included. */
  readonly responses: readonly SeenResponse[];
  readonly read: ReadPage;
  readonly isLast: boolean;
  /** What follows, and why: `next: token at $.next of the body`. */
  readonly decision: string;
}

/** What a preview found. */
export interface Preview {
  readonly pages: readonly PreviewedPage[];
  readonly pageSize: number;
  /** Path of the records, if nothing said where they are. */
  readonly guessedPath: string | undefined;
}

/** A total that the source sends, whether or not the settings say where. */
export function totalSentIn(pages: readonly PreviewedPage[]): FoundCount | undefined {
  return steadyTotal(pages.map(({ read }) => ({ response: read.response, records: read.records.length })), pages.at(-1)?.isLast ?? false);
}

export function recordsOf({ pages }: Pick<Preview, 'pages'>): readonly unknown[] {
  return pages.flatMap(({ read }) => read.records);
}
