import { AwsSignatureAuth } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { OutgoingRequest } from '../message/outgoing-request';
import { Authenticator, AuthTools } from './authenticator';
import { environmentCredentials, signed } from './signature-v4';

/** A signature for an API in AWS, with the credentials of the function's role. */
export class AwsSignature implements Authenticator {
  constructor(private readonly auth: AwsSignatureAuth, private readonly tools: Pick<AuthTools, 'secrets' | 'now'>) {}

  public async apply(request: OutgoingRequest): Promise<OutgoingRequest> {
    const { secrets, now } = this.tools;
    const { service, region = regionOf(request.url) } = this.auth;
    const credentials = environmentCredentials();
    secrets.keepOut(credentials.secretAccessKey);
    if (credentials.sessionToken !== undefined) secrets.keepOut(credentials.sessionToken);
    const ready = await signed({ ...request, url: withStrictQuery(request.url) }, { service, region }, credentials, now());
    secrets.keepOutBriefly(/Signature=(\w+)/.exec(ready.headers.authorization!)![1]!);
    return ready;
  }

  /** The role's credentials are read for each signature anyway. */
  public renew(): void {}
}

const HOST_OF_AWS = /\.(?:amazonaws\.com|amazonaws\.com\.cn|on\.aws|api\.aws)$/;
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/** Hosts of AWS have it in their name; a domain of your own is taken to be in the function's region. */
function regionOf({ hostname }: URL): string {
  const inHost = HOST_OF_AWS.test(hostname) ? hostname.split('.').reverse().find((label) => REGION.test(label)) : undefined;
  const region = inHost ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (region === undefined) throw new NonRetryableError('The region of the source is not known: set region in auth, or AWS_REGION');
  return region;
}

/** A space as `%20`: AWS takes `+`, which URLs write for it otherwise, for a plus sign. */
function withStrictQuery(url: URL): URL {
  const strict = new URL(url);
  strict.search = [...url.searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
  return strict;
}

/** https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
