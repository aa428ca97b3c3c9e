import { HttpAuth, SecretReference } from '../../protocol/http-settings';

/** A header, by name and value. */
export type Header = readonly [name: string, value: string];

/** Credentials that were given, as settings refer to them: their values are not in these. */
export interface FoundCredentials {
  /** `undefined` if none were given. */
  readonly auth: HttpAuth | undefined;
  /** The values, by the names of the environment variables that stand for them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Headers that are no credentials. */
  readonly headers: readonly Header[];
  /** The address without credentials. */
  readonly url: URL;
  /** Meaningless without credentials. */
  readonly reason: string;
}

const SECRET_HEADER = /^(?:proxy-)?authorization$|cookie|token|secret|passw|credential|session|(?:api|access|auth|subscription|app|client)[-_]?key|^x?-?key$/i;

const SECRET_PARAMETER = /token|secret|passw|credential|session|signature|(?:api|access|auth|subscription|app)[-_]?(?:key|id)|^(?:key|apikey|sig|auth)$/i;

/** Parameters that have a token's name, and say which page. */
const OF_PAGING = /^(?:next|page|continuation|cursor|pagination|start)[-_]?token$/i;

const VARIABLE = 'SOURCE_TOKEN';
const USER_VARIABLE = 'SOURCE_USER';
const PASSWORD_VARIABLE = 'SOURCE_PASSWORD';

/**
 * Takes the credentials out of headers and address.
 *
 * @throws Error if there are several; its message has no value
 */
export function takeCredentials(address: URL, given: readonly Header[]): FoundCredentials {
  const headers = given.filter(([name]) => !SECRET_HEADER.test(name));
  const secretHeaders = given.filter(([name]) => SECRET_HEADER.test(name));
  const parameters = [...new Set(address.searchParams.keys())].filter((name) => SECRET_PARAMETER.test(name) && !OF_PAGING.test(name));
  const names = [...secretHeaders.map(([name]) => `the header ${name}`), ...parameters.map((name) => `the parameter ${name}`)];
  if (names.length > 1) throw new Error(`settings have one credential, and ${names.join(' and ')} look like credentials; leave out all but one`);
  const url = new URL(address);
  for (const name of parameters) url.searchParams.delete(name);
  const [header] = secretHeaders;
  const [parameter] = parameters;
  const found = header === undefined ? fromParameter(parameter, address) : fromHeader(header);
  const variables = Object.keys(found.secrets).join(' and ');
  return { ...found, headers, url, reason: `${names.join()} is a credential. Its value is not written: set the environment variable ${variables}` };
}

type Credentials = Pick<FoundCredentials, 'auth' | 'secrets'>;

function variable(environment: string): SecretReference {
  return { environment };
}

function fromHeader([name, value]: Header): Credentials {
  const [, scheme = '', credential = ''] = /^(\S+)\s+(\S.*)$/.exec(value) ?? [];
  const isAuthorization = name.toLowerCase() === 'authorization';
  if (isAuthorization && scheme.toLowerCase() === 'bearer') return { auth: { kind: 'bearer', token: variable(VARIABLE) }, secrets: { [VARIABLE]: credential } };
  if (isAuthorization && scheme.toLowerCase() === 'basic') return fromBasic(credential);
  return { auth: { kind: 'api-key', key: variable(VARIABLE), send: { header: name } }, secrets: { [VARIABLE]: value } };
}

function fromBasic(credential: string): Credentials {
  const [, user = '', password = ''] = /^([^:]*):?([\s\S]*)$/.exec(Buffer.from(credential, 'base64').toString())!;
  const secrets = { [USER_VARIABLE]: user, ...password === '' ? {} : { [PASSWORD_VARIABLE]: password } };
  return { auth: { kind: 'basic', user: variable(USER_VARIABLE), ...password === '' ? {} : { password: variable(PASSWORD_VARIABLE) } }, secrets };
}

function fromParameter(name: string | undefined, url: URL): Credentials {
  if (name === undefined) return { auth: undefined, secrets: {} };
  return { auth: { kind: 'api-key', key: variable(VARIABLE), send: { query: name } }, secrets: { [VARIABLE]: url.searchParams.get(name)! } };
}
