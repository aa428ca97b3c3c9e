import { hmacPlaceholdersIn } from '../hmac-placeholders';
import { HmacAuth, HttpSettings } from '../http-settings';

/** What is wrong with credentials in the settings that they are for. */

/** Credentials would be readable on the way. */
export function problemOfAuth({ url, auth, privateNetwork }: HttpSettings): string | undefined {
  if (auth === undefined) return undefined;
  if (auth.kind === 'api-key' && auth.send.header === undefined && auth.send.query === undefined) {
    return 'auth.send is neither a header nor a query parameter; write { "header": "X-Api-Key" }';
  }
  const problem = auth.kind === 'hmac' ? problemOfHmac(auth) : undefined;
  if (problem !== undefined) return problem;
  const addresses = [url, ...'tokenUrl' in auth ? [auth.tokenUrl] : []];
  const isPlain = addresses.some((address) => /^http:/i.test(address));
  return isPlain && privateNetwork !== true ? 'credentials would be sent without encryption; write https:// instead of http://' : undefined;
}

/** Whoever may start an import would otherwise choose who is sent the credentials. */
export function problemOfHost({ url, auth }: HttpSettings): string | undefined {
  const host = /^\w+:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
  const [beginning, end] = [host.slice(0, host.lastIndexOf('}') + 1), host.slice(host.lastIndexOf('}') + 1)];
  // A last part alone, such as ".com", may be anybody's.
  if (auth === undefined || !beginning.includes('{input.') || /\.[^.]+\.[^.]+$/.test(end)) return undefined;
  return 'the input of an execution would decide to which host the credentials are sent; write the end of the host in url, such as https://{input.shop}.example.com';
}

/** The source could not compute the same signature. */
function problemOfHmac({ message, format = '', timestamp, nonce }: HmacAuth): string | undefined {
  const sent = [...hmacPlaceholdersIn(format), ...timestamp ? ['timestamp'] : [], ...nonce ? ['nonce'] : []];
  const unsent = hmacPlaceholdersIn(message).find((name) => (name === 'timestamp' || name === 'nonce') && !sent.includes(name));
  return unsent && `auth.message has {${unsent}}, which the source is not sent; write where it goes, as auth.${unsent}`;
}
