/** What a fault does at one page. Shared by the main thread and the threads of functions, so it has no imports. */

/** A page that the loop requests from the handler. */
export interface PageRequest {
  readonly importId: string;
  readonly pageNumber: number;
  readonly pageToken: unknown;
  readonly input: unknown;
}

/** Replaces the handler. */
export type StandIn =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'throw'; readonly name: string; readonly message: string }
  /** Thrown as well: the fault itself is invalid. */
  | { readonly kind: 'refuse'; readonly name: string; readonly message: string }
  | { readonly kind: 'hang' };

/** Changes the handler's answer. */
export type Alteration =
  | { readonly kind: 'repeat-token'; readonly token: unknown }
  | { readonly kind: 'oversize' };

/** An alteration has the index of its fault, so that the desk can be told if it was applied. */
export type Instruction = StandIn | Alteration & { readonly fault: number };

/** Decides about pages, and records what was done. */
export interface FaultDesk {
  /** `undefined` leaves the page to the handler. */
  instruct(page: PageRequest): Promise<Instruction | undefined>;
  /** Records that the handler's answer was altered. */
  noteInjected(fault: number, page: PageRequest): Promise<void>;
}

/**
 * Fetches a page as the desk decides.
 *
 * @param fetchPage the handler
 * @param largestBytes maximum size of a page
 */
export async function fetchUnderFaults(
  desk: FaultDesk, page: PageRequest, fetchPage: () => unknown, largestBytes: number,
): Promise<unknown> {
  const instruction = await desk.instruct(page);
  if (instruction === undefined) return fetchPage();
  if (isStandIn(instruction)) return standIn(instruction);
  const answer = await fetchPage();
  const altered = alter(instruction, answer, largestBytes);
  // An answer that is not a page, such as a request to wait, is unchanged: the fault waits for a page.
  if (altered === undefined) return answer;
  await desk.noteInjected(instruction.fault, page);
  return altered;
}

export function isStandIn<T extends Alteration>(instruction: StandIn | T): instruction is StandIn {
  return ['answer', 'throw', 'refuse', 'hang'].includes(instruction.kind);
}

async function standIn(instruction: StandIn): Promise<unknown> {
  switch (instruction.kind) {
    case 'answer': return instruction.answer;
    case 'throw':
    case 'refuse': throw Object.assign(new Error(instruction.message), { name: instruction.name });
    case 'hang': return new Promise(() => {});
  }
}

/** The altered answer; `undefined` if it is not a page. */
function alter(alteration: Alteration, answer: unknown, largestBytes: number): unknown {
  const records = recordsOf(answer);
  if (records === undefined) return undefined;
  if (alteration.kind === 'oversize') return withRecords(answer, oversized(records, largestBytes));
  // A flag would contradict the token.
  const { hasMore, ...page } = answer as { readonly hasMore?: boolean };
  return { ...page, nextPageToken: alteration.token };
}

function recordsOf(answer: unknown): readonly unknown[] | undefined {
  const records = Array.isArray(answer) ? answer : (answer as { readonly records?: unknown } | null | undefined)?.records;
  return Array.isArray(records) ? records : undefined;
}

function withRecords(answer: unknown, records: readonly unknown[]): unknown {
  return Array.isArray(answer) ? records : { ...answer as object, records };
}

/** Keeps the number of records, at least one, so that the guards that count records do not interfere. */
function oversized(records: readonly unknown[], largestBytes: number): unknown[] {
  return [...records.slice(0, -1), 'x'.repeat(largestBytes)];
}
