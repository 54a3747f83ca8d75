import { expect, test } from 'vitest';
import { parseEnv } from '#local/page/env.ts';

const GOOD = {
  PORT: '18800',
  PROMETHEUS_URL: 'http://127.0.0.1:18804',
  EXPORTER_URL: 'http://127.0.0.1:18805',
  STATE_FILE: '.local/state.json',
};

test('a whole environment is taken', () => {
  expect(parseEnv(GOOD)).toEqual({ ...GOOD, PORT: 18_800 });
});

test.each([
  ['PORT', 'http', 'expected a port number, got "http"'],
  ['PORT', '65536', 'expected a port number up to 65535'],
  ['PROMETHEUS_URL', 'file:///etc/passwd', 'expected an http:// or https:// address'],
  ['EXPORTER_URL', '127.0.0.1:18805', 'expected an http:// or https:// address'],
  ['STATE_FILE', undefined, 'expected the path of the state file, got nothing'],
  ['PORT', undefined, 'expected a port number, got nothing'],
])('%s = %s stops the page with its name', (name, value, words) => {
  expect(() => parseEnv({ ...GOOD, [name]: value })).toThrow(`${name}: ${words}`);
});
