import { STATE_PAYLOAD_BYTES } from '../../protocol/limits';
import { Json } from './definition';
import { StateError, StatesErrorName } from './state-error';

/**
 * Refuses a payload that Step Functions would not carry.
 *
 * @param producer the state, or the resource of the task, that it comes from
 * @throws StateError
 */
export function requirePayloadSize(payload: Json, producer: string): void {
  if (payloadBytes(payload) <= STATE_PAYLOAD_BYTES) return;
  throw new StateError(
    StatesErrorName.DATA_LIMIT_EXCEEDED,
    `The state/task '${producer}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** As Step Functions counts it: UTF-8 of the JSON text. */
export function payloadBytes(payload: Json): number {
  return Buffer.byteLength(JSON.stringify(payload));
}
