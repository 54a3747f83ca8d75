import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * The linter's own regular expressions know no look-ahead and ignore what they can't read, so every direction is
 * tripped here: file, what it imports, and whether that is allowed.
 */
const IMPORTS = [
  ['domain/candle.ts', './decimal.ts', 'allowed'],
  ['domain/candle.ts', 'zod', 'allowed'],
  ['domain/candle.ts', 'node:fs', 'forbidden'],
  ['domain/candle.ts', 'kafkajs', 'forbidden'],
  ['domain/candle.ts', 'zod-to-json-schema', 'forbidden'],
  ['domain/candle.ts', '@aws-sdk/client-s3', 'forbidden'],
  ['domain/candle.ts', '../local/main.ts', 'forbidden'],
  ['domain/candle.ts', '#local/main.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', './env.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#domain/candle.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', 'kafkajs', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#snowflake/connection.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#remote-write/deliver.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#lambdas/prometheus-consumer/env.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#recorder/env.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#connectors/candle-sink.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#local/kafka/topics.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#test/candles.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '../archive-loader/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#domain/candle.ts', 'allowed'],
  ['lambdas/prometheus-consumer/handler.ts', '#snowflake/settings.ts', 'allowed'],
  ['lambdas/prometheus-consumer/handler.ts', '#remote-write/remote-write.ts', 'allowed'],
  ['lambdas/prometheus-consumer/handler.ts', '#lambdas/quality-exporter/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#recorder/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '../quality-exporter/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#fargate/ohlc-exporter/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#local/main.ts', 'forbidden'],
  ['snowflake/connection.ts', './settings.ts', 'allowed'],
  ['snowflake/connection.ts', '#domain/environment.ts', 'allowed'],
  ['snowflake/connection.ts', 'snowflake-sdk', 'allowed'],
  ['snowflake/connection.ts', '#snowflake/settings.ts', 'forbidden'],
  ['snowflake/connection.ts', '#local/main.ts', 'forbidden'],
  ['snowflake/connection.ts', '#remote-write/env.ts', 'forbidden'],
  ['remote-write/deliver.ts', './sample.ts', 'allowed'],
  ['remote-write/deliver.ts', '#domain/environment.ts', 'allowed'],
  ['remote-write/deliver.ts', 'snappyjs', 'allowed'],
  ['remote-write/deliver.ts', '#snowflake/settings.ts', 'forbidden'],
  ['remote-write/deliver.ts', '#lambdas/prometheus-consumer/env.ts', 'forbidden'],
  ['remote-write/deliver.ts', '../domain/candle.ts', 'forbidden'],
  ['snowflake/connection.ts', '../domain/candle.ts', 'forbidden'],
  ['connectors/candle-sink.ts', './epoch.ts', 'allowed'],
  ['connectors/candle-sink.ts', '#domain/topics.ts', 'forbidden'],
  ['connectors/candle-sink.ts', '#snowflake/settings.ts', 'forbidden'],
  ['connectors/candle-sink.ts', '../local/main.ts', 'forbidden'],
  ['local/kafka/topics.ts', '#snowflake/connection.ts', 'allowed'],
  ['local/kafka/topics.ts', '#connectors/candle-sink.ts', 'allowed'],
  ['local/kafka/topics.ts', '#fargate/ohlc-exporter/env.ts', 'allowed'],
  ['local/kafka/topics.ts', '#lib/stages.ts', 'forbidden'],
  ['local/kafka/topics.ts', '#bin/app.ts', 'forbidden'],
  ['local/kafka/topics.ts', '#test/candles.ts', 'forbidden'],
  ['local/kafka/topics.ts', '../setup/folders.ts', 'forbidden'],
  ['test/candles.test.ts', '#local/kafka/topics.ts', 'allowed'],
  ['test/candles.test.ts', '../local/main.ts', 'forbidden'],
] as const;

const ROOT = join(import.meta.dirname, '..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crypto-market-lint-'));
  const config = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as Record<string, unknown>; // an object, as the linter demands
  // Rules that need types look at the whole project, which this folder is not.
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }));
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(IMPORTS)('%s importing %s is %s', (file, imported, verdict) => {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { thing } from '${imported}';\n\nthing();\n`);
  expect(restricted(file) ? 'forbidden' : 'allowed').toBe(verdict);
});

function restricted(file: string): boolean {
  const bin = join(ROOT, 'node_modules/.bin/oxlint');
  const args = ['--config', '.oxlintrc.json', '--format', 'unix', file];
  try {
    execFileSync(bin, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return false;
  } catch (error) {
    const { stdout } = error as { stdout: string }; // execFileSync's own error
    if (!stdout.includes('no-restricted-imports')) throw error;
    return true;
  }
}
