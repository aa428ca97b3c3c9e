import { JsonValue } from '../../protocol/json';
import { STATE_PAYLOAD_BYTES } from '../../protocol/limits';
import { StateError, StatesErrorName } from './state-error';

/**
 * Refuses a payload that exceeds Step Functions' limit.
 *
 * @param producer the state, or the task's resource, that produced it
 * @throws StateError
 */
export function requirePayloadSize(payload: JsonValue, producer: string): void {
  if (payloadBytes(payload) <= STATE_PAYLOAD_BYTES) return;
  throw new StateError(
    StatesErrorName.DATA_LIMIT_EXCEEDED,
    `The state/task '${producer}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** As Step Functions counts it: UTF-8 of the JSON text. */
export function payloadBytes(payload: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(payload));
}
