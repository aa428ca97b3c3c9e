import { createSecureContext, rootCertificates, SecureContext } from 'node:tls';
import { HttpClientCertificate } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { OutgoingRequest } from '../message/outgoing-request';
import { Authenticator, AuthTools } from './authenticator';

/** What a context was made of, and the context. */
interface Identity {
  readonly certificate: string;
  readonly key: string;
  readonly passphrase: string | undefined;
  readonly context: SecureContext;
}

/** The certificate that the source, and the server that grants its tokens, ask a client for. */
export class ClientCertificate {
  private identity: Identity | undefined;

  constructor(private readonly settings: HttpClientCertificate, private readonly tools: Pick<AuthTools, 'secrets'>) {}

  /** @throws NonRetryableError if certificate and key cannot be used */
  public async showOn(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    const { secrets } = this.tools;
    const certificate = await secrets.valueOf(this.settings.certificate, signal);
    const key = await secrets.valueOf(this.settings.key, signal);
    const passphrase = this.settings.passphrase && await secrets.valueOf(this.settings.passphrase, signal);
    const known = this.identity;
    const isSame = known?.certificate === certificate && known.key === key && known.passphrase === passphrase;
    // Connections belong to a context, and are used again as long as it is the same.
    if (!isSame) this.identity = { certificate, key, passphrase, context: this.contextOf(certificate, key, passphrase) };
    return { ...request, tls: this.identity!.context };
  }

  private contextOf(cert: string, key: string, passphrase: string | undefined): SecureContext {
    const { ca } = this.settings;
    try {
      return createSecureContext({ cert, key, passphrase, ...ca !== undefined && { ca: [...rootCertificates, ca] } });
    } catch (error) {
      // The message could quote a part of them.
      const { code = 'no code' } = error as NodeJS.ErrnoException;
      throw new NonRetryableError(`The client certificate cannot be used (${code}): certificate and key must be PEM with its line breaks, `
        + 'the key must be the certificate\'s own, and an encrypted key needs its passphrase');
    }
  }
}

/** Other credentials, or none, over connections with a client certificate. */
export class WithClientCertificate implements Authenticator {
  constructor(
    private readonly certificate: ClientCertificate, private readonly inner: Authenticator, private readonly tools: Pick<AuthTools, 'secrets'>,
  ) {}

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    return this.certificate.showOn(await this.inner.apply(request, signal), signal);
  }

  public renew(): void {
    this.inner.renew();
    this.tools.secrets.forget();
  }

  /** Perhaps the handshake failed since the certificate has expired, and a new one has been stored. */
  public noteNoResponse(): void {
    this.tools.secrets.forget();
  }
}
