import { execFileSync } from 'node:child_process';

/** A certificate for 127.0.0.1 that nobody vouches for, and its key, in one PEM text. */
export function selfSigned(): string {
  const options =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=127.0.0.1 ' +
    '-addext subjectAltName=IP:127.0.0.1 -keyout - -out -';
  return execFileSync('openssl', options.split(' '), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
