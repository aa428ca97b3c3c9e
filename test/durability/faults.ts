import { ObjectStore } from '../../src/runtime/ports/object-store';

/** The operations of the store port. */
export type Method = Exclude<keyof ObjectStore, 'bucket' | 'answerOf'>;

/** When a request that got no reply is applied after all: while others go on, or when the step, or the import, is long over. */
export const LATENESSES = ['at once', 'after one more call', 'after three more calls', 'after the step', 'after the import'] as const;
export type Lateness = typeof LATENESSES[number];

/** What may happen to a call of the store. */
export type Fault =
  /** 500: not applied, and said so. */
  | { readonly kind: 'fails' }
  /** 503 SlowDown: not applied, nor are the calls of this process that follow shortly after. */
  | { readonly kind: 'slow down' }
  /** A 200 whose body is an error: not applied, though the status said so. Only long operations answer like that. */
  | { readonly kind: 'error in a 200' }
  /** 409: a conflicting operation was under way; not applied. */
  | { readonly kind: 'conflict' }
  /** Applied, and answered with 412 because of one's own object: what a client gets that repeats a write whose reply was lost. */
  | { readonly kind: 'refused by its own write' }
  /** Applied, but the reply is lost. */
  | { readonly kind: 'reply lost' }
  /** No reply, and applied later. */
  | { readonly kind: 'applied late'; readonly when: Lateness }
  /** The same, and the call after it, which would tell what became of it, fails. */
  | { readonly kind: 'reply lost, next call fails' }
  | { readonly kind: 'applied late, next call fails'; readonly when: Lateness }
  /** The process dies before the call is applied, or after, or with the request on its way. */
  | { readonly kind: 'dies before' }
  | { readonly kind: 'dies after' }
  | { readonly kind: 'dies, applied late'; readonly when: Lateness }
  /** Nothing is wrong with the call, but the state machine gives the attempt up before it arrives, or before its reply does. */
  | { readonly kind: 'slow request' }
  | { readonly kind: 'slow reply' };

const LATE: readonly Fault[] = LATENESSES.flatMap((when): Fault[] => [
  { kind: 'applied late', when }, { kind: 'applied late, next call fails', when }, { kind: 'dies, applied late', when },
]);

/** Every fault that an attempt learns of, or dies of. */
export const FAULTS: readonly Fault[] = [
  { kind: 'fails' },
  { kind: 'slow down' },
  { kind: 'error in a 200' },
  { kind: 'conflict' },
  { kind: 'refused by its own write' },
  { kind: 'reply lost' },
  { kind: 'reply lost, next call fails' },
  ...LATE,
  { kind: 'dies before' },
  { kind: 'dies after' },
];

/** What only matters where the state machine does not wait. */
export const SLOWNESSES: readonly Fault[] = [{ kind: 'slow request' }, { kind: 'slow reply' }];

/** Operations that change something: to be applied late means nothing to others. */
const WRITES: readonly Method[] = [
  'write', 'writeIf', 'copy', 'delete', 'createUpload', 'copyPart', 'writePart', 'completeUpload', 'abortUpload',
];

/** S3 sends the headers of these replies before it has done the work. */
const LONG: readonly Method[] = ['copy', 'copyPart', 'completeUpload'];

/** Whether an operation can meet a fault at all. */
export function canMeet(method: Method, { kind }: Fault): boolean {
  switch (kind) {
    case 'conflict': case 'refused by its own write': return isConditional(method);
    case 'error in a 200': return LONG.includes(method);
    case 'applied late': case 'applied late, next call fails': case 'dies, applied late': return WRITES.includes(method);
    default: return true;
  }
}

/** Whether the process does not outlive the fault. */
export function isDeadly({ kind }: Fault): boolean {
  return kind.startsWith('dies');
}

/** The operations whose outcome tells that it is unknown; all others throw. */
export function isConditional(method: Method): method is 'writeIf' | 'completeUpload' {
  return method === 'writeIf' || method === 'completeUpload';
}

/** A fault in words. */
export function nameOf(fault: Fault): string {
  return 'when' in fault ? `${fault.kind} ${fault.when}` : fault.kind;
}
