import { JsonValue } from '../../protocol/json';

/** Names of fields whose values are secrets, by one of their words. */
const SECRET_FIELD = /^(?:pass(?:word|wd|phrase|code)?|pwd|pin|otp|jwt|secrets?|tokens?|(?:api)?keys?|credentials?|creds|auth|authorization|bearer|cookies?|session|sid|signature)$/;

/** A string of a value, or a number as one, and whether its field is named like a secret. */
export interface FoundString {
  readonly text: string;
  readonly isSecretField: boolean;
}

/** All strings of a value. Fields of a secret field are secret, too; names of fields are none. */
export function stringsIn(value: JsonValue): FoundString[] {
  const found: FoundString[] = [];
  const left: { readonly value: JsonValue; readonly isSecretField: boolean }[] = [{ value, isSecretField: false }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value: one, isSecretField } = next;
    if (typeof one === 'string' || typeof one === 'number') found.push({ text: String(one), isSecretField });
    if (typeof one !== 'object' || one === null) continue;
    for (const [name, inner] of Object.entries(one)) {
      left.push({ value: inner as JsonValue, isSecretField: isSecretField || (!Array.isArray(one) && namesSecret(name)) });
    }
  }
  return found;
}

/** By its words: `apiKey`, `api_key` and `API-KEY` have one that says so, `keyboard` has none. */
function namesSecret(field: string): boolean {
  return field.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/).some((word) => SECRET_FIELD.test(word));
}
