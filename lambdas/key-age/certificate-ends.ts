import { X509Certificate } from 'node:crypto';

/**
 * When the first of the certificates ends that SAML metadata names. Throws if it names none.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf, 2.4.1.1
 */
export function certificateEnds(metadata: string): Date {
  const certificates = [...metadata.matchAll(/<(?:\w+:)?X509Certificate>([^<]+)</g)].map(
    ([, base64 = '']) => new X509Certificate(Buffer.from(base64, 'base64')),
  );
  const ends = certificates.map(({ validToDate }) => validToDate.getTime());
  if (ends.length === 0) {
    throw new Error(`expected SAML metadata with a certificate, got ${metadata.length} characters with none`);
  }
  return new Date(Math.min(...ends));
}
