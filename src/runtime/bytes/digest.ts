import { hash } from 'node:crypto';
import { JsonValue } from '../../protocol/json';

/** A token as it may appear in records' guard state and, shortened, in messages: the token itself may be a secret. */
export function tokenDigest(token: JsonValue): string {
  return sha256(JSON.stringify(token));
}

export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** A digest as messages show it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
