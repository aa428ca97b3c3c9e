import type { Invocation } from './contenders/contender.mts';
import {
  FREE_REQUESTS, PER_GIGABYTE_SECOND, PER_INVOCATION, PER_READ_REQUEST, PER_TRANSITION, PER_WRITE_REQUEST, READ_REQUESTS,
} from './prices';
import { S3Counts } from './s3-process';

/** What AWS charges an import for. */
export interface Usage {
  readonly transitions: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  /** PUT, COPY, POST and LIST. */
  readonly writeRequests: number;
  /** GET and HEAD. */
  readonly readRequests: number;
}

/** Its cost in US dollars. */
export function dollars({ transitions, invocations, gigabyteSeconds, writeRequests, readRequests }: Usage): number {
  return transitions * PER_TRANSITION + invocations * PER_INVOCATION + gigabyteSeconds * PER_GIGABYTE_SECOND
    + writeRequests * PER_WRITE_REQUEST + readRequests * PER_READ_REQUEST;
}

/** The billed requests, by price. */
export function requestsOf({ traffic }: S3Counts): Pick<Usage, 'writeRequests' | 'readRequests'> {
  const charged = Object.entries(traffic).filter(([operation]) => !FREE_REQUESTS.includes(operation));
  const sum = (isRead: boolean): number => charged
    .filter(([operation]) => READ_REQUESTS.includes(operation) === isRead)
    .reduce((total, [, { requests }]) => total + requests, 0);
  return { writeRequests: sum(false), readRequests: sum(true) };
}

/** @param memoryMib memory of a state's function */
export function gigabyteSecondsOf(invocations: readonly Invocation[], memoryMib: (state: string) => number): number {
  return invocations.reduce((sum, { state, seconds }) => sum + seconds * memoryMib(state) / 1024, 0);
}
