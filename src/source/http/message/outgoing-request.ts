import type { SecureContext } from 'node:tls';
import { HttpMethod, HttpSettings, RequestPlace } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { filled, filledJson, placeholdersIn } from './template';

/** Headers of every request that does not set them itself. */
export const DEFAULT_HEADERS = { 'accept': '*/*', 'accept-encoding': 'gzip, br', 'user-agent': 'cdk-paginated-import' } as const;

/** A request before it is sent. Credentials are added to it. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** The body's text. */
  readonly body: string | undefined;
  /**
   * Certificates for the connection.
   * @default - those that Node.js trusts, and none of the client
   */
  readonly tls?: SecureContext;
}

/** A value, and where the request has it. */
export interface PlacedValue {
  readonly place: RequestPlace;
  readonly value: string | number;
}

/** What the pagination asks for. */
export interface Asked {
  /** @default - the settings' own */
  readonly url?: URL;
  readonly values: readonly PlacedValue[];
}

/** What every request of a source has, and how a page's values are put into it. */
export class RequestBuilder {
  constructor(private readonly settings: HttpSettings) {}

  /** @throws NonRetryableError if a placeholder has no value */
  public build({ url: link, values }: Asked, request: SourceRequest): OutgoingRequest {
    const url = link ?? this.firstUrl(values, request);
    const headers = this.headers(request);
    const body = this.body(values, request);
    for (const { place: { query, header }, value } of values) {
      if (query !== undefined) url.searchParams.set(query, String(value));
      if (header !== undefined) headers[header.toLowerCase()] = String(value);
    }
    if (body !== undefined) headers['content-type'] ??= 'application/json';
    return { method: this.method(body), url, headers, body };
  }

  private firstUrl(values: readonly PlacedValue[], request: SourceRequest): URL {
    const { url, query = {} } = this.settings;
    const inPath = values.filter(({ place: { path } }) => path !== undefined);
    const text = inPath.reduce((path, { place, value }) => path.replaceAll(`{${place.path}}`, encodeURIComponent(value)), url);
    const address = addressOf(filled(text, request, encodeURIComponent), text);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, filled(String(value), request));
    return address;
  }

  private headers(request: SourceRequest): Record<string, string> {
    const headers: Record<string, string> = { ...DEFAULT_HEADERS };
    for (const [name, value] of Object.entries(this.settings.headers ?? {})) headers[name.toLowerCase()] = filled(value, request);
    return headers;
  }

  private body(values: readonly PlacedValue[], request: SourceRequest): string | undefined {
    const placed = values.filter(({ place }) => place.body !== undefined);
    if (this.settings.body === undefined && placed.length === 0) return undefined;
    const body = filledJson(this.settings.body ?? {}, request) as Record<string, unknown>;
    for (const { place, value } of placed) setAt(body, place.body!, value);
    return JSON.stringify(body);
  }

  private method(body: string | undefined): string {
    return this.settings.method ?? (body === undefined ? HttpMethod.GET : HttpMethod.POST);
  }
}

/** @param template the text before its placeholders had values */
function addressOf(text: string, template: string): URL {
  if (URL.canParse(text)) return new URL(text);
  const names = placeholdersIn(template).map((name) => `{${name}}`).join(', ');
  throw new NonRetryableError(`url is no address with the values of its placeholders ${names}: correct the execution's input`);
}

/** Sets a value by JSON Pointer (RFC 6901), and makes the objects around it. */
function setAt(body: Record<string, unknown>, pointer: string, value: unknown): void {
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop()!;
  let inside = body;
  for (const name of names) inside = (inside[name] ??= {}) as Record<string, unknown>;
  inside[last] = value;
}
