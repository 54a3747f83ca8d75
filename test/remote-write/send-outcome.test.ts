import { expect, test } from 'vitest';
import { classifyRefusal } from '#remote-write/classify-refusal.ts';
import { readAnswer } from '#remote-write/send-outcome.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

function kindOf(status: number, body = '', retryAfter: string | null = null) {
  return readAnswer({ status, body, retryAfter }, NOW).kind;
}

test.each([
  [200, '', 'stored'],
  [204, '', 'stored'],
  [400, 'out of order sample', 'refused'],
  [413, 'too large', 'refused'],
  [429, 'slow down', 'unavailable'],
  [500, 'internal error', 'unavailable'],
  [503, '', 'unavailable'],
  [500, 'too old sample\n', 'refused'],
  [500, 'duplicate sample for timestamp', 'refused'],
  [500, 'label name "a" is not unique: invalid sample', 'refused'],
  [401, '', 'forbidden'],
  [403, 'The security token included in the request is expired', 'forbidden'],
  [301, '', 'misconfigured'],
  [404, 'no such workspace', 'misconfigured'],
])('an answer %i %j means %s', (status, body, kind) => {
  expect(kindOf(status, body)).toBe(kind);
});

test.each([
  ['7', 7_000],
  [new Date(NOW + 3_000).toUTCString(), 3_000],
  [new Date(NOW - 3_000).toUTCString(), 0],
  ['soon', undefined],
  [null, undefined],
])('Retry-After %j asks for a pause of %j ms', (retryAfter, expected) => {
  const outcome = readAnswer({ status: 429, body: '', retryAfter }, NOW);
  expect(outcome.kind === 'unavailable' ? outcome.retryAfterMs : 'wrong kind').toBe(expected);
});

test.each([
  ['duplicate sample for timestamp', 'conflict'],
  ['duplicate sample for timestamp 1700; overrides not allowed: existing 1.5, new value 2', 'conflict'],
  ['duplicate sample for timestamp 1700; overrides not allowed: existing 1.5, new value 1.5', 'duplicate'],
  ['the sample was rejected (err-mimir-sample-duplicate-timestamp)', 'conflict'],
  ['too old sample', 'too-old'],
  ['out of bounds', 'too-old'],
  ['timestamp too old: 1 metric: "a"', 'too-old'],
  ['out of order sample', 'out-of-order'],
  ['(err-mimir-sample-out-of-order)', 'out-of-order'],
  ['label value too long', 'other'],
])('a refusal that says %j is classed %s', (body, reason) => {
  expect(classifyRefusal(body)).toBe(reason);
});
