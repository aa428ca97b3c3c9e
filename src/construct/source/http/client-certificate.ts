import * as iam from 'aws-cdk-lib/aws-iam';
import { HttpClientCertificate } from '../../../protocol/http-settings';
import { Kinds, required, SOURCE_SECRET, text } from '../../base/kinds';
import { SourceSecret } from './secret';

/** A client certificate, for mutual TLS. */
export interface ClientCertificateOptions {
  /** The certificate as PEM, followed by those between it and the authority, if there are any. */
  readonly certificate: SourceSecret;

  /** Its private key as PEM. */
  readonly key: SourceSecret;

  /**
   * Passphrase of the key.
   *
   * @default - the key is not encrypted
   */
  readonly passphrase?: SourceSecret;

  /**
   * Certificate of the authority that the servers' certificates come from, as PEM. It is trusted besides the usual ones.
   *
   * @default - only those that Node.js trusts
   */
  readonly ca?: string;
}

export const CLIENT_CERTIFICATE_KINDS: Kinds<ClientCertificateOptions> = {
  certificate: required(SOURCE_SECRET),
  key: required(SOURCE_SECRET),
  passphrase: SOURCE_SECRET,
  ca: text('a certificate as PEM, \'-----BEGIN CERTIFICATE-----...\''),
};

export function certificateOf({ certificate, key, passphrase, ...same }: ClientCertificateOptions): HttpClientCertificate {
  return { ...same, certificate: certificate._reference, key: key._reference, ...passphrase && { passphrase: passphrase._reference } };
}

export function grantCertificate({ certificate, key, passphrase }: ClientCertificateOptions, grantee: iam.IGrantable): void {
  [certificate, key, passphrase].forEach((secret) => secret?._grantRead(grantee));
}
