import { hash } from 'node:crypto';
import { JsonValue } from '../../protocol/json';

/** The digest of a token, for the guard state in records and, shortened, for messages: the token itself may be a secret. */
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
