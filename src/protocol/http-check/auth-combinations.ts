import { hmacPlaceholdersIn } from '../hmac-placeholders';
import { HmacAuth, HttpAuth, HttpSettings } from '../http-settings';
import { first } from './checks';

/** What is wrong with credentials in the settings that they are for. */
export function problemOfAuth(settings: HttpSettings): string | undefined {
  const { auth } = settings;
  return first([
    () => (auth?.kind === 'api-key' && auth.send.header === undefined && auth.send.query === undefined
      ? 'auth.send is neither a header nor a query parameter; write { "header": "X-Api-Key" }' : undefined),
    () => (auth?.kind === 'hmac' ? problemOfHmac(auth) : undefined),
    () => problemOfEncryption(settings),
    () => problemOfHost(settings),
  ]);
}

/** Credentials would be readable on the way. */
function problemOfEncryption({ url, auth, clientCertificate, privateNetwork }: HttpSettings): string | undefined {
  if (clientCertificate !== undefined && isPlain(url)) return 'clientCertificate needs an encrypted connection; write https:// instead of http:// in url';
  const isReadable = auth !== undefined && [url, ...addressesOf(auth)].some(isPlain) && privateNetwork !== true;
  return isReadable ? 'credentials would be sent without encryption; write https:// instead of http://' : undefined;
}

function isPlain(address: string): boolean {
  return /^http:/i.test(address);
}

/** Where credentials are sent besides the source. */
function addressesOf(auth: HttpAuth): string[] {
  return 'tokenUrl' in auth ? [auth.tokenUrl] : [];
}

/** Whoever may start an import would otherwise choose who is sent the credentials. */
function problemOfHost({ url, auth, clientCertificate }: HttpSettings): string | undefined {
  const host = /^\w+:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
  const [beginning, end] = [host.slice(0, host.lastIndexOf('}') + 1), host.slice(host.lastIndexOf('}') + 1)];
  const hasCredentials = auth !== undefined || clientCertificate !== undefined;
  // A last part alone, such as ".com", may be anybody's.
  if (!hasCredentials || !beginning.includes('{input.') || /\.[^.]+\.[^.]+$/.test(end)) return undefined;
  return 'the input of an execution would decide to which host the credentials are sent; write the end of the host in url, such as https://{input.shop}.example.com';
}

/** The source could not compute the same signature. */
function problemOfHmac({ message, format = '', timestamp, nonce }: HmacAuth): string | undefined {
  const sent = [...hmacPlaceholdersIn(format), ...timestamp ? ['timestamp'] : [], ...nonce ? ['nonce'] : []];
  const unsent = hmacPlaceholdersIn(message).find((name) => (name === 'timestamp' || name === 'nonce') && !sent.includes(name));
  return unsent && `auth.message has {${unsent}}, which the source is not sent; write where it goes, as auth.${unsent}`;
}
