import { HttpAuth, HttpSettings } from '../../../protocol/http-settings';
import { Authenticator, AuthTools } from './authenticator';
import { AwsSignature } from './aws-signature';
import { ClientCertificate, WithClientCertificate } from './client-certificate';
import { ClientCredentials } from './client-credentials';
import { HmacSignature } from './hmac';
import { RefreshToken } from './refresh-token';
import { ApiKey, Basic, Bearer } from './static-auth';

const NO_CREDENTIALS: Authenticator = { apply: async (request) => request, renew: () => {} };

export function authenticatorOf({ auth, clientCertificate }: HttpSettings, tools: AuthTools): Authenticator {
  if (clientCertificate === undefined) return byKind(auth, tools);
  const certificate = new ClientCertificate(clientCertificate, tools);
  const client: AuthTools['client'] = { send: async (request, signal) => tools.client.send(await certificate.showOn(request, signal), signal) };
  return new WithClientCertificate(certificate, byKind(auth, { ...tools, client }), tools);
}

function byKind(auth: HttpAuth | undefined, tools: AuthTools): Authenticator {
  switch (auth?.kind) {
    case undefined: return NO_CREDENTIALS;
    case 'bearer': return new Bearer(auth, tools);
    case 'api-key': return new ApiKey(auth, tools);
    case 'basic': return new Basic(auth, tools);
    case 'client-credentials': return new ClientCredentials(auth, tools);
    case 'refresh-token': return new RefreshToken(auth, tools);
    case 'aws-signature': return new AwsSignature(auth, tools);
    case 'hmac': return new HmacSignature(auth, tools);
  }
}
