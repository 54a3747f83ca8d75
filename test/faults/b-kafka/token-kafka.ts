import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import type { KafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import type { TokenSettings } from './unsecured-token.ts';

/** A connection is not good for longer than this without a new token. */
export const SESSION_MS = 15_000;

/** Of the principal that may do anything, as the exporter's role may on its topics. */
export const ALLOWED = 'exporter';

export interface TokenKafka extends AsyncDisposable {
  readonly cluster: KafkaCluster;
  /** What an exporter needs to be let in as this principal, by the way it takes to MSK. */
  environment(tokens: Omit<TokenSettings, 'lifetimeMs'>): Readonly<Record<string, string>>;
}

/**
 * One broker that lets the product in by TLS and SASL/OAUTHBEARER only, makes it authenticate again as MSK does, and asks
 * its access lists: who comes by the direct listener may do anything, and ALLOWED.
 */
export async function startTokenKafka(folder: string): Promise<TokenKafka> {
  const certificate = join(folder, 'certificate.pem');
  const keyAndCertificate = join(folder, 'key-and-certificate.pem');
  const request =
    'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout - -out -';
  const pem = execFileSync('openssl', request.split(' '), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  writeFileSync(keyAndCertificate, pem, { mode: 0o600 });
  writeFileSync(certificate, pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
  const cluster = await startKafkaCluster(folder, 1, {
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,LINK:SASL_SSL,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': 'OAUTHBEARER',
    'listener.name.link.oauthbearer.sasl.jaas.config':
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    'listener.name.link.oauthbearer.connections.max.reauth.ms': SESSION_MS,
    'listener.name.link.ssl.keystore.type': 'PEM',
    'listener.name.link.ssl.keystore.location': keyAndCertificate,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:ANONYMOUS;User:${ALLOWED}`,
  });
  return {
    cluster,
    environment: (tokens) => ({
      KAFKA_AUTH: 'iam',
      AWS_REGION: 'eu-west-1',
      NODE_EXTRA_CA_CERTS: certificate,
      FAULT_TOKENS: JSON.stringify({ ...tokens, lifetimeMs: SESSION_MS } satisfies TokenSettings),
    }),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
