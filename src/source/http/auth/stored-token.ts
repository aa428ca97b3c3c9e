import { LargeNumbers, SecretReference } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { parseExactly } from '../message/exact-json';
import { AuthTools } from './authenticator';
import { nameOfSecret } from './secrets';

/** Pauses before each attempt to store a token, in milliseconds: it exists nowhere else, so the first failure is not the last word. */
const WRITE_PAUSES = [0, 500, 2_000];

/** A token that is kept in a secret, and replaced there when the source gives another one. */
export class StoredToken {
  /** A process cannot write its environment, so it remembers the token itself. */
  private remembered: string | undefined;

  constructor(private readonly reference: SecretReference, private readonly tools: AuthTools) {}

  public get name(): string {
    return nameOfSecret(this.reference);
  }

  /** The token as it is now: another process may have replaced it. */
  public async latest(signal: AbortSignal): Promise<string> {
    if (this.remembered !== undefined) return this.remembered;
    const { secrets } = this.tools;
    await secrets.latestText(this.reference, signal);
    return secrets.valueOf(this.reference, signal);
  }

  /**
   * Not ended by any page's signal: a token that is not stored is lost.
   *
   * @throws NonRetryableError if it could not be stored
   */
  public async replace(token: string): Promise<void> {
    this.tools.secrets.keepOut(token);
    if (this.reference.environment !== undefined) return this.remember(token);
    let failure: unknown;
    for (const pause of WRITE_PAUSES) {
      if (pause > 0) await this.tools.sleep(pause, UNENDING);
      failure = await this.write(token).then(() => undefined, (error: unknown) => error);
      if (failure === undefined) return;
      if (failure instanceof NonRetryableError) break;
    }
    throw this.notKept(failure);
  }

  private remember(token: string): void {
    this.remembered = token;
    this.tools.log(`The source has replaced the refresh token. ${this.name} still has the old one, which may no longer work in the next run. `
      + 'Keep the token in Secrets Manager or SSM, where the new one can be stored.');
  }

  private async write(token: string): Promise<void> {
    const { field, ...place } = this.reference;
    const { secrets, writeSecret } = this.tools;
    const text = field === undefined ? token : withField(await secrets.latestText(place, UNENDING), field, token);
    await writeSecret(place, text, UNENDING);
  }

  private notKept(failure: unknown): NonRetryableError {
    const reason = this.tools.secrets.redacted(failure instanceof Error ? failure.message : String(failure));
    return new NonRetryableError(`The source has replaced the refresh token, and the new one could not be kept: ${reason}. `
      + 'Let the fetch function write there, log in again, and store the new token; the old one may no longer work');
  }
}

const UNENDING = new AbortController().signal;

/**
 * A JSON object with another value of a field. Its other fields stay as they are, large numbers included.
 *
 * @throws NonRetryableError that does not quote the text, as the parser's would
 */
function withField(text: string, field: string, value: string): string {
  try {
    const object = parseExactly(Buffer.from(text), text, LargeNumbers.EXACT);
    if (isObject(object)) return JSON.stringify({ ...object, [field]: value });
  } catch {
    // As if it were something else than an object.
  }
  throw new NonRetryableError(`its secret is no JSON object any more, so it has no field ${field}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
