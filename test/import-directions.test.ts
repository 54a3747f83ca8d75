import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

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
  ['domain/candle.ts', '#bench/run/definition.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', './env.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#domain/candle.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', 'kafkajs', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#snowflake/connection.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#remote-write/deliver.ts', 'allowed'],
  ['fargate/ohlc-exporter/main.ts', '#lambdas/prometheus-consumer/env.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#recorder/env.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#bench/run/definition.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#connectors/candle-sink.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#local/kafka/topics.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '#test/candles.ts', 'forbidden'],
  ['fargate/ohlc-exporter/main.ts', '../archive-loader/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#domain/candle.ts', 'allowed'],
  ['lambdas/prometheus-consumer/handler.ts', '#snowflake/settings.ts', 'allowed'],
  ['lambdas/prometheus-consumer/handler.ts', '#remote-write/remote-write.ts', 'allowed'],
  ['lambdas/snowflake-setup/on-event.ts', '#connectors/begin-epoch.ts', 'allowed'],
  ['lambdas/snowflake-setup/on-event.ts', '#contracts/begin-epoch.ts', 'forbidden'],
  ['lambdas/grafana-provisioning/provision.ts', '#grafana/provision/folder.ts', 'allowed'],
  ['lambdas/grafana-provisioning/provision.ts', '#grafana/dashboards/pages.ts', 'forbidden'],
  ['lambdas/grafana-provisioning/provision.ts', '#graph/page.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#lambdas/quality-exporter/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#recorder/env.ts', 'forbidden'],
  ['lambdas/prometheus-consumer/handler.ts', '#bench/run/definition.ts', 'forbidden'],
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
  ['remote-write/deliver.ts', '#bench/run/definition.ts', 'forbidden'],
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
  ['local/kafka/topics.ts', '#bench/run/definition.ts', 'forbidden'],
  ['local/kafka/topics.ts', '#deploy/cost.ts', 'forbidden'],
  ['local/kafka/topics.ts', '#test/candles.ts', 'forbidden'],
  ['local/kafka/topics.ts', '../setup/folders.ts', 'forbidden'],
  ['bin/crypto-market.ts', '#lib/add-stacks.ts', 'allowed'],
  ['bin/crypto-market.ts', 'aws-cdk-lib', 'allowed'],
  ['bin/crypto-market.ts', '#local/kafka/topics.ts', 'forbidden'],
  ['bin/crypto-market.ts', '#domain/topics.ts', 'forbidden'],
  ['bin/crypto-market.ts', '../lib/add-stacks.ts', 'forbidden'],
  ['lib/stream/stream.ts', './topics.ts', 'allowed'],
  ['lib/stream/stream.ts', '#lib/stage/stage.ts', 'allowed'],
  ['lib/stream/stream.ts', '#domain/topics.ts', 'allowed'],
  ['lib/stream/stream.ts', '#connectors/candle-sink.ts', 'allowed'],
  ['lib/stream/stream.ts', 'aws-cdk-lib/aws-msk', 'allowed'],
  ['lib/stream/stream.ts', 'type #fargate/ohlc-exporter/env.ts', 'allowed'],
  ['lib/stream/stream.ts', 'type #lambdas/prometheus-consumer/env.ts', 'allowed'],
  ['lib/stream/stream.ts', 'type #snowflake/settings.ts', 'allowed'],
  ['lib/stream/stream.ts', '#fargate/ohlc-exporter/env.ts', 'forbidden'],
  ['lib/stream/stream.ts', '#lambdas/prometheus-consumer/env.ts', 'forbidden'],
  ['lib/stream/stream.ts', '#snowflake/settings.ts', 'forbidden'],
  ['lib/stream/stream.ts', '#remote-write/env.ts', 'forbidden'],
  ['lib/stream/stream.ts', 'type #fargate/ohlc-exporter/exporter.ts', 'forbidden'],
  ['lib/stream/stream.ts', 'type #lambdas/prometheus-consumer/handler.ts', 'forbidden'],
  ['lib/stream/stream.ts', 'type #local/kafka/topics.ts', 'forbidden'],
  ['lib/stream/stream.ts', '#deploy/cost.ts', 'forbidden'],
  ['lib/stream/stream.ts', '#bench/run/definition.ts', 'forbidden'],
  ['lib/stream/stream.ts', '#test/candles.ts', 'forbidden'],
  ['lib/stream/stream.ts', '../stages.ts', 'forbidden'],
  ['deploy/cost.ts', '#lib/stages.ts', 'allowed'],
  ['deploy/cost.ts', '#local/setup/python.ts', 'allowed'],
  ['deploy/cost.ts', '#test/candles.ts', 'forbidden'],
  ['deploy/cost.ts', '#bin/crypto-market.ts', 'forbidden'],
  ['deploy/cost.ts', '#bench/run/definition.ts', 'forbidden'],
  ['deploy/cost.ts', '../lib/stages.ts', 'forbidden'],
  ['grafana/rules/alerts.ts', './shapes.ts', 'allowed'],
  ['grafana/rules/alerts.ts', '#grafana/queries.ts', 'allowed'],
  ['grafana/rules/alerts.ts', '#domain/metrics.ts', 'allowed'],
  ['grafana/rules/alerts.ts', '@grafana/grafana-foundation-sdk/timeseries', 'allowed'],
  ['grafana/rules/alerts.ts', '#lib/stages.ts', 'forbidden'],
  ['grafana/rules/alerts.ts', '#local/main.ts', 'forbidden'],
  ['grafana/rules/alerts.ts', '#deploy/cost.ts', 'forbidden'],
  ['grafana/rules/alerts.ts', '#bench/run/definition.ts', 'forbidden'],
  ['grafana/rules/alerts.ts', '../queries.ts', 'forbidden'],
  ['bench/decode/ours.ts', '#bench/run/contestant.ts', 'allowed'],
  ['bench/decode/ours.ts', '#fargate/ohlc-exporter/intake.ts', 'allowed'],
  ['bench/decode/ours.ts', '#local/exchange/frames.ts', 'allowed'],
  ['bench/decode/ours.ts', '../run/contestant.ts', 'forbidden'],
  ['test/candles.test.ts', '#local/kafka/topics.ts', 'allowed'],
  ['test/candles.test.ts', '../local/main.ts', 'forbidden'],
] as const;

const ROOT = join(import.meta.dirname, '..');
let folder = '';
/** Files that the linter refuses for what they import. */
let refused: ReadonlySet<string> = new Set();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crypto-market-lint-'));
  const config = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as Record<string, unknown>; // an object, as the linter demands
  // Rules that need types look at the whole project, which this folder is not.
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }));
  for (const [index, [file, imported]] of IMPORTS.entries()) {
    const path = join(folder, numbered(file, index));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, importing(imported));
  }
  refused = lint();
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(IMPORTS.map((line, index) => [...line, index] as const))(
  '%s importing %s is %s',
  (file, _imported, verdict, index) => {
    expect(refused.has(numbered(file, index)) ? 'forbidden' : 'allowed').toBe(verdict);
  },
);

/** The folder decides, so each case gets a file of its own in it, and one run sees them all. */
function numbered(file: string, index: number): string {
  return file.replace(/\.ts$/, `-${index}.ts`);
}

function importing(imported: string): string {
  const name = imported.replace(/^type /, '');
  if (name === imported) return `import { thing } from '${name}';\n\nthing();\n`;
  return `import type { Thing } from '${name}';\n\nexport const same = (thing: Thing) => thing;\n`;
}

function lint(): ReadonlySet<string> {
  const bin = join(ROOT, 'node_modules/.bin/oxlint');
  const args = ['--config', '.oxlintrc.json', '--format', 'json'];
  const { stdout } = spawnSync(bin, args, { cwd: folder, encoding: 'utf8' });
  const { number_of_files: count, diagnostics } = report.parse(JSON.parse(stdout));
  expect(count).toBe(IMPORTS.length);
  const restricted = diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)');
  return new Set(restricted.map(({ filename }) => filename));
}

const report = z.object({
  number_of_files: z.int(),
  diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })),
});
