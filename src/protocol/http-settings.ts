import {
  HmacAlgorithm, HttpDecoder, HttpErrorAction, HttpMethod, LargeNumbers, OffsetAdvance, SignatureEncoding, TimeFormat,
} from './http-choices';
import { JsonObject, JsonValue } from './json';

export { HmacAlgorithm, HttpDecoder, HttpErrorAction, HttpMethod, LargeNumbers, OffsetAdvance, SignatureEncoding, TimeFormat };

/**
 * The settings of a source without code: what `httpSource` takes, what `FetchPageHandler.http` puts into the state machine's definition,
 * and what a `*.http.json` file contains. Everything in them is JSON.
 *
 * Texts in `url`, `headers`, `query` and `body` may contain placeholders: `{input.<field>}` for a value of the execution's input, and
 * `{pageSize}`. A field of a field is written with a dot: `{input.filter.since}`.
 */
export interface HttpSettings {
  /** Address of the first page, `https://...`. May have a query. */
  readonly url: string;
  /**
   * `GET` or `POST`.
   * @default - `POST` if there is a body, else `GET`
   */
  readonly method?: HttpMethod;
  /**
   * Request headers.
   * @default - only `accept`, and what the pagination and `auth` add
   */
  readonly headers?: { readonly [name: string]: string };
  /**
   * Query parameters, besides those in `url`.
   * @default - none
   */
  readonly query?: { readonly [name: string]: string | number | boolean };
  /**
   * JSON body of each request.
   * @default - none
   */
  readonly body?: JsonObject;
  /** How the pages of the source follow each other. */
  readonly pagination: HttpPagination;
  /**
   * A job that makes the data first. Its id is the placeholder `{job}` in `url`, `headers`, `query` and `body`.
   * @default - the data is there
   */
  readonly job?: HttpJob;
  /**
   * JSONPath (RFC 9535) of the records in a response, such as `$.data` or `$.edges[*].node`.
   * @default - the response itself if it is an array, else the only array in it, or the one with a usual name: see docs/sources.md
   */
  readonly records?: string;
  /**
   * What tells that there are no more pages, besides what the pagination says.
   * @default - what is safe for the style of the pagination
   */
  readonly end?: HttpEnd;
  /**
   * The source's own number of records. Compared with the imported records before publishing.
   * @default - not compared
   */
  readonly total?: ResponsePlace;
  /**
   * How bodies are written.
   * @default HttpDecoder.JSON
   */
  readonly decoder?: HttpDecoder;
  /**
   * Credentials.
   * @default - none
   */
  readonly auth?: HttpAuth;
  /**
   * A certificate that the client shows to the origin of `url`, and to where `auth` gets its tokens.
   * @default - none
   */
  readonly clientCertificate?: HttpClientCertificate;
  /**
   * How often the source may be asked.
   * @default - as often as it answers; after a 429, more slowly
   */
  readonly rateLimit?: HttpRateLimit;
  /**
   * What responses mean that the defaults misjudge. The first rule that matches applies.
   * @default - the defaults: see docs/sources.md
   */
  readonly errors?: readonly HttpErrorRule[];
  /**
   * Further origins to which links and redirects may lead, such as `https://files.example.com`. They receive no credentials.
   * @default - only the origin of `url`
   */
  readonly origins?: readonly string[];
  /**
   * Whether the source may have an address in a loopback, link-local or private range.
   * @default false
   */
  readonly privateNetwork?: boolean;
  /**
   * Time limits of a request.
   * @default - see `HttpTimeouts`
   */
  readonly timeouts?: HttpTimeouts;
  /**
   * Maximum bytes of a response, after decompression.
   * @default 67108864 (64 MiB)
   */
  readonly maxResponseBytes?: number;
  /**
   * How a number is kept that JavaScript would round, such as an integer beyond 2^53.
   * @default LargeNumbers.EXACT
   */
  readonly largeNumbers?: LargeNumbers;
}

/** A place in a request: exactly one of the fields. */
export interface RequestPlace {
  /** Name of a query parameter. */
  readonly query?: string;
  /** Name of a header. */
  readonly header?: string;
  /** JSON Pointer (RFC 6901) into the body, such as `/variables/after`. */
  readonly body?: string;
  /** Name of a placeholder in `url`: `page` for `https://example.com/orders/{page}`. */
  readonly path?: string;
}

/** A place in a response: exactly one of the fields. */
export interface ResponsePlace {
  /** JSONPath (RFC 9535) in the body. */
  readonly body?: string;
  /** Name of a header. */
  readonly header?: string;
}

/** How the pages of a source follow each other. */
export type HttpPagination =
  | OffsetPagination | PageNumberPagination | TokenPagination | NextLinkPagination | LinkHeaderPagination | KeysetPagination
  | TimeWindowPagination | GraphqlPagination | SinglePage;

/** Offset and limit. */
export interface OffsetPagination {
  readonly style: 'offset';
  readonly offset: RequestPlace;
  /** @default - the number of records is not sent */
  readonly limit?: RequestPlace;
  /**
   * What the offset grows by after each page.
   * @default OffsetAdvance.ASKED
   */
  readonly advance?: OffsetAdvance;
}

/** Page numbers. */
export interface PageNumberPagination {
  readonly style: 'page';
  readonly page: RequestPlace;
  /** @default - the number of records is not sent */
  readonly size?: RequestPlace;
  /**
   * Number of the first page: 0 or 1.
   * @default 1
   */
  readonly first?: number;
}

/** A token from each response. */
export interface TokenPagination {
  readonly style: 'token';
  /** Where the response has the token of the next page. */
  readonly token: ResponsePlace;
  /** Where the request has it. */
  readonly send: RequestPlace;
  /** @default - the number of records is not sent */
  readonly size?: RequestPlace;
  /**
   * Token of the first page. May have a placeholder.
   * @default - the first page is asked for without a token
   */
  readonly first?: string | number;
}

/** A link in each response, absolute or relative. */
export interface NextLinkPagination {
  readonly style: 'next-link';
  readonly link: ResponsePlace;
  /** @default - the number of records is not sent */
  readonly size?: RequestPlace;
}

/** The `Link` header (RFC 8288). */
export interface LinkHeaderPagination {
  readonly style: 'link-header';
  /**
   * Relation of the next page's link.
   * @default "next"
   */
  readonly rel?: string;
  /** @default - the number of records is not sent */
  readonly size?: RequestPlace;
}

/** "After the last record": the next page is asked for by a field of the last record. The field must be unique, and the order by it. */
export interface KeysetPagination {
  readonly style: 'keyset';
  /** JSONPath of the field in a record, such as `$.id`. */
  readonly field: string;
  readonly send: RequestPlace;
  /**
   * Whether the source answers "from" the value and not "after" it, so that a page begins with the last record before it. That one is left
   * out.
   * @default false
   */
  readonly inclusive?: boolean;
  /** @default - the number of records is not sent */
  readonly size?: RequestPlace;
  /**
   * Value for the first page. May have a placeholder.
   * @default - the first page is asked for without a value
   */
  readonly first?: string | number;
}

/** Windows of time, one page each. A window with as many records as the page size fails: it may have had more. */
export interface TimeWindowPagination {
  readonly style: 'time-window';
  readonly from: RequestPlace;
  readonly to: RequestPlace;
  /** @default - the number of records is not sent */
  readonly size?: RequestPlace;
  /** Start of the first window: an ISO 8601 time in UTC, or a placeholder. */
  readonly start: string;
  /**
   * End of the last window: an ISO 8601 time in UTC, or a placeholder.
   * @default - the time at which the first page is asked for
   */
  readonly end?: string;
  /** Length of a window, in seconds. */
  readonly windowSeconds: number;
  /**
   * How times are written.
   * @default TimeFormat.ISO
   */
  readonly format?: TimeFormat;
}

/** A GraphQL connection, paged forwards by cursor. */
export interface GraphqlPagination {
  readonly style: 'graphql';
  /** The query. It takes the cursor and the page size as variables. */
  readonly query: string;
  /**
   * Other variables.
   * @default - none
   */
  readonly variables?: JsonObject;
  /** JSONPath of the connection's `pageInfo`, such as `$.data.orders.pageInfo`. */
  readonly pageInfo: string;
  /**
   * Variable for the cursor.
   * @default "after"
   */
  readonly cursorVariable?: string;
  /**
   * Variable for the page size.
   * @default "first"
   */
  readonly sizeVariable?: string;
}

/** Everything in one response. */
export interface SinglePage {
  readonly style: 'single';
}

/** What ends an import. */
export interface HttpEnd {
  /** Place of a flag that says whether there are more pages. */
  readonly hasMore?: ResponsePlace;
  /** Place of a flag that says whether a page is the last one. */
  readonly lastPage?: ResponsePlace;
  /** Place of the number of pages. It ends pages by number and by offset; a number that does not fit is a warning of the import. */
  readonly totalPages?: ResponsePlace;
  /** Statuses that mean "no more records", such as 204 or 404. */
  readonly statuses?: readonly number[];
  /**
   * Whether a page with fewer records than asked for is the last one. Saves a request, but loses records where a source caps the page size.
   * @default false
   */
  readonly shortPage?: boolean;
  /**
   * Whether a response without anything at `records` is the end, and not a failure. With a wildcard, elements without records are none,
   * too.
   * @default false
   */
  readonly missingRecords?: boolean;
}

/**
 * A job that makes the data: it is created, then asked about until it is done, and then its result is read: the pages at `url`, or the
 * files that the answer about its state names. Its answers are JSON, whatever the decoder of the data. All addresses are of one origin.
 */
export interface HttpJob {
  /** Address at which a job is created. May have placeholders. */
  readonly createUrl: string;
  /**
   * JSON body of the request that creates a job. Its texts may have placeholders.
   * @default - an empty one
   */
  readonly createBody?: JsonObject;
  /** Where the answer has the job's id. */
  readonly id: ResponsePlace;
  /** Address at which the job's state is asked for. May have the placeholder `{job}`. */
  readonly statusUrl: string;
  /**
   * JSON body of the request for the state, which is then a POST. Its texts may have placeholders.
   * @default - no body, and a GET
   */
  readonly statusBody?: JsonObject;
  /** Where the answer has the job's state. */
  readonly state: ResponsePlace;
  /** States of a job that is done. */
  readonly done: readonly string[];
  /**
   * States of a job that has failed, which fails the import.
   * @default - none: any state but those of `done` is waited for, as long as the import waits for a page
   */
  readonly failed?: readonly string[];
  /**
   * JSONPath of the addresses of the result's files in the answer about the state, such as `$.files[*].url`. Each file is a page. `url`
   * then only says what the origin is.
   * @default - the result is read in pages from `url`
   */
  readonly files?: string;
  /**
   * Seconds between two questions for the state, if its answer has no `Retry-After`.
   * @default 10
   */
  readonly pollSeconds?: number;
}

/** Where a secret is: exactly one of `secretArn`, `parameterName` and `environment`. It is read at run time, never at synth. */
export interface SecretReference {
  /** ARN of a secret of Secrets Manager. */
  readonly secretArn?: string;
  /** Name or ARN of a parameter of SSM Parameter Store. */
  readonly parameterName?: string;
  /** Name of an environment variable. For runs on your computer: in Lambda, anyone who may see the function's configuration sees it. */
  readonly environment?: string;
  /**
   * Field of a secret that is a JSON object.
   * @default - the whole secret
   */
  readonly field?: string;
}

/** A client certificate, for mutual TLS. */
export interface HttpClientCertificate {
  /** The certificate as PEM, followed by those between it and the authority, if there are any. */
  readonly certificate: SecretReference;
  /** Its private key as PEM. */
  readonly key: SecretReference;
  /** @default - the key is not encrypted */
  readonly passphrase?: SecretReference;
  /**
   * Certificate of the authority that the servers' certificates come from, as PEM. It is trusted besides the usual ones.
   * @default - only those that Node.js trusts
   */
  readonly ca?: string;
}

/** Credentials. */
export type HttpAuth = BearerAuth | ApiKeyAuth | BasicAuth | ClientCredentialsAuth | RefreshTokenAuth | AwsSignatureAuth | HmacAuth;

/** `Authorization: Bearer <token>`. */
export interface BearerAuth {
  readonly kind: 'bearer';
  readonly token: SecretReference;
}

/** A key in a header or in the query. */
export interface ApiKeyAuth {
  readonly kind: 'api-key';
  readonly key: SecretReference;
  /** `header` or `query`. */
  readonly send: RequestPlace;
}

/** `Authorization: Basic <user:password>`. */
export interface BasicAuth {
  readonly kind: 'basic';
  readonly user: SecretReference | string;
  /** @default - an empty password */
  readonly password?: SecretReference;
}

/** OAuth 2.0 client credentials. */
export interface ClientCredentialsAuth {
  readonly kind: 'client-credentials';
  readonly tokenUrl: string;
  readonly clientId: SecretReference | string;
  readonly clientSecret: SecretReference;
  /** @default - none */
  readonly scope?: string;
  /** @default - none */
  readonly audience?: string;
}

/** An OAuth 2.0 refresh token. */
export interface RefreshTokenAuth {
  readonly kind: 'refresh-token';
  readonly tokenUrl: string;
  readonly clientId: SecretReference | string;
  /** @default - a public client, which has an id only */
  readonly clientSecret?: SecretReference;
  /** If the server replaces the token, the new one is stored here. In an environment variable, it cannot be: it lasts for one run. */
  readonly refreshToken: SecretReference;
  /** @default - the scopes of the login */
  readonly scope?: string;
}

/** AWS Signature Version 4, with the credentials of the function's role. Its permissions are yours to grant. */
export interface AwsSignatureAuth {
  readonly kind: 'aws-signature';
  /** Name that the service signs with, such as `execute-api` for API Gateway. */
  readonly service: string;
  /** @default - the region in the host name, or else the function's own */
  readonly region?: string;
}

/** A signature by HMAC, made anew for each attempt. */
export interface HmacAuth {
  readonly kind: 'hmac';
  readonly key: SecretReference;
  /**
   * The text that is signed. `{method}`, `{host}`, `{path}`, `{query}`, `{body}`, `{timestamp}` and `{nonce}` stand for what is sent;
   * `{query}` is without a signature.
   */
  readonly message: string;
  /** Where the signature goes: `header` or `query`. */
  readonly send: RequestPlace;
  /**
   * What is sent there, such as `HMAC shop:{signature}`. May also have `{timestamp}` and `{nonce}`.
   * @default "{signature}"
   */
  readonly format?: string;
  /** @default HmacAlgorithm.SHA256 */
  readonly algorithm?: HmacAlgorithm;
  /** @default SignatureEncoding.HEX */
  readonly encoding?: SignatureEncoding;
  /**
   * Where the time of the request goes: `header` or `query`.
   * @default - it is not sent, or in `format`
   */
  readonly timestamp?: RequestPlace;
  /** @default TimeFormat.SECONDS */
  readonly timestampFormat?: TimeFormat;
  /**
   * Where a random UUID goes: `header` or `query`.
   * @default - it is not sent, or in `format`
   */
  readonly nonce?: RequestPlace;
}

/** How often the source may be asked. */
export interface HttpRateLimit {
  /** @default - no limit */
  readonly perSecond?: number;
  /** @default - no limit */
  readonly perMinute?: number;
  /**
   * Requests to leave over of what the source's `RateLimit` and `X-RateLimit` headers still allow.
   * @default 0
   */
  readonly reserve?: number;
}

/** What a response means. All given conditions must hold. */
export interface HttpErrorRule {
  /** @default - any status */
  readonly statuses?: readonly number[];
  /**
   * JSONPath that must find something in the body.
   * @default - any body
   */
  readonly body?: string;
  /**
   * Regular expression for what `body` finds, or for the value of `header` where there is no `body`.
   * @default - any value, for a body but `null`, `false` and empty ones
   */
  readonly matches?: string;
  /**
   * A response header that must be there.
   * @default - any headers
   */
  readonly header?: string;
  readonly action: HttpErrorAction;
}

/** Time limits of a request, in seconds. All of it also ends shortly before the function's time is up. */
export interface HttpTimeouts {
  /** @default 10 */
  readonly connectSeconds?: number;
  /** From the request to the response's headers. @default 60 */
  readonly headersSeconds?: number;
  /** From the headers to the end of the body. @default 120 */
  readonly bodySeconds?: number;
}

/** Any of the pagination styles, by name. */
export type HttpPaginationStyle = HttpPagination['style'];

/** A JSON value given in a request. */
export type RequestValue = Exclude<JsonValue, null>;
