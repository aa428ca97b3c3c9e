import { SecretReference } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';

/** Reads a secret from where it is kept. */
export type ReadSecret = (reference: SecretReference, signal: AbortSignal) => Promise<string>;

/** Replaces the whole text of a secret. */
export type WriteSecret = (reference: SecretReference, text: string, signal: AbortSignal) => Promise<void>;

/** How long a secret is kept, so that a page does not cost a request for it. */
const KEPT_MILLISECONDS = 5 * 60 * 1000;

interface Kept {
  readonly value: Promise<string>;
  readonly readAt: number;
}

/** How many signatures and the like are kept out of messages: those of the requests that a message can still be about. */
const BRIEFLY = 100;

/** The secrets of a source, read at run time and kept for a short time. */
export class Secrets {
  private readonly kept = new Map<string, Kept>();
  /** The values that were read: they must not appear in messages. */
  private readonly values = new Set<string>();
  /** Values of single requests, newest last. */
  private brief: string[] = [];

  constructor(private readonly read: ReadSecret, private readonly now: () => number) {}

  /**
   * @param reference a text is no secret, and stands for itself
   * @throws NonRetryableError if the secret does not have the field
   */
  public async valueOf(reference: SecretReference | string, signal: AbortSignal): Promise<string> {
    if (typeof reference === 'string') return reference;
    const { field, ...place } = reference;
    const value = fieldOf(await this.textOf(place, signal), field);
    this.keepOut(value);
    return value;
  }

  /** The secret's whole text as it is now: another process may have replaced it since it was last read. */
  public async latestText({ field: _, ...place }: SecretReference, signal: AbortSignal): Promise<string> {
    this.kept.delete(JSON.stringify(place));
    return this.textOf(place, signal);
  }

  /** Notes a value that must not appear in messages, in any of the forms in which a server may send it back. */
  public keepOut(value: string): void {
    for (const form of formsOf(value)) this.values.add(form);
  }

  /** The same for a value that is made anew for each request. Only the newest are kept, so that long imports do not fill the memory. */
  public keepOutBriefly(value: string): void {
    this.brief = [...this.brief, value].slice(-BRIEFLY);
  }

  /** Reads each secret again when it is next needed: it may have been rotated. */
  public forget(): void {
    this.kept.clear();
  }

  /** A text without any of the secrets. */
  public redacted(text: string): string {
    const all = [...this.values, ...this.brief.flatMap(formsOf)];
    const longest = all.filter((value) => value !== '').sort((a, b) => b.length - a.length);
    return longest.reduce((clean, value) => clean.replaceAll(value, '[secret]'), text);
  }

  private async textOf(place: SecretReference, signal: AbortSignal): Promise<string> {
    const id = JSON.stringify(place);
    const before = this.kept.get(id);
    if (before !== undefined && this.now() - before.readAt < KEPT_MILLISECONDS) return before.value;
    const value = this.read(place, signal);
    this.kept.set(id, { value, readAt: this.now() });
    value.catch(() => this.kept.delete(id));
    return value;
  }
}

function formsOf(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), Buffer.from(value).toString('base64')];
}

function fieldOf(text: string, field: string | undefined): string {
  if (field === undefined) return text;
  let value: unknown;
  try {
    value = (JSON.parse(text) as Record<string, unknown> | null)?.[field];
  } catch {
    throw new NonRetryableError(`The secret is no JSON object, so it has no field ${field}`);
  }
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new NonRetryableError(`The secret has no field ${field} with a text`);
}

/** How a secret is named in messages. */
export function nameOfSecret({ secretArn, parameterName, environment }: SecretReference): string {
  if (environment !== undefined) return `The environment variable ${environment}`;
  return secretArn === undefined ? `The parameter ${parameterName}` : `The secret ${secretArn}`;
}

/** Reads environment variables. */
export function readEnvironment({ environment }: SecretReference): string {
  const value = process.env[environment ?? ''];
  if (value === undefined || value === '') throw new NonRetryableError(`The environment variable ${environment}, which has a credential of the source, is not set`);
  return value;
}
