/**
 * What a fault makes of one page. Shared by this process and the threads that functions run in, hence without imports.
 */

/** A page that the loop asks the handler for. */
export interface PageRequest {
  readonly importId: string;
  readonly pageNumber: number;
  readonly pageToken: unknown;
  readonly input: unknown;
}

/** In place of the handler. */
export type StandIn =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'throw'; readonly name: string; readonly message: string }
  /** Thrown too: the fault itself cannot be. */
  | { readonly kind: 'refuse'; readonly name: string; readonly message: string }
  | { readonly kind: 'hang' };

/** With what the handler answers. */
export type Alteration =
  | { readonly kind: 'repeat-token'; readonly token: unknown }
  | { readonly kind: 'oversize' };

/** An alteration names the fault that it comes from, by its place among them: the desk is told whether it could be made. */
export type Instruction = StandIn | Alteration & { readonly fault: number };

/** Says what becomes of pages, and is told what came of that. */
export interface FaultDesk {
  /** `undefined` lets the handler answer as it does. */
  instruct(page: PageRequest): Promise<Instruction | undefined>;
  /** The handler's answer has been altered. */
  noteInjected(fault: number, page: PageRequest): Promise<void>;
}

/**
 * Fetches a page as the desk says.
 *
 * @param fetchPage the handler
 * @param largestBytes what a page must not pass
 */
export async function fetchUnderFaults(
  desk: FaultDesk, page: PageRequest, fetchPage: () => unknown, largestBytes: number,
): Promise<unknown> {
  const instruction = await desk.instruct(page);
  if (instruction === undefined) return fetchPage();
  if (isStandIn(instruction)) return standIn(instruction);
  const answer = await fetchPage();
  const altered = alter(instruction, answer, largestBytes);
  // What is no page, such as a wish for a pause, stays as it is: the fault waits for one.
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

/** The altered answer; `undefined` for what is no page. */
function alter(alteration: Alteration, answer: unknown, largestBytes: number): unknown {
  const records = recordsOf(answer);
  if (records === undefined) return undefined;
  if (alteration.kind === 'oversize') return withRecords(answer, oversized(records, largestBytes));
  // A flag beside it would contradict the token.
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

/** As many records as there were, one at least: the guards that count them are not what is to be tried. */
function oversized(records: readonly unknown[], largestBytes: number): unknown[] {
  return [...records.slice(0, -1), 'x'.repeat(largestBytes)];
}
