import { HttpEnd, HttpPagination } from '../../protocol/http-settings';
import { Sample } from './sample';

/** A way in which the pages of a source may follow each other. Whether it is right is tried out. */
export interface Candidate {
  /** Without the page size, which is found out apart. */
  readonly pagination: HttpPagination;
  /** What in the answer suggests it. */
  readonly reason: string;
  /** What ends it, besides what the pagination reads. */
  readonly end?: HttpEnd;
}

/** Recognizes one style of pagination. */
export interface Recogniser {
  /** Name of the style, for people. */
  readonly name: string;
  /** The likeliest first; none if the answer shows nothing of this style. */
  readonly candidates: (sample: Sample) => readonly Candidate[];
  /** Whether it looks at nothing, and only tries. */
  readonly isBlind?: boolean;
}
