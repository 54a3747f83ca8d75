import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { CURSOR_GROUP_PREFIX } from '#domain/topics.ts';
import { askBroker } from '#local/kafka/ask-broker.ts';
import { answers } from '#test/fargate/ohlc-exporter/exporter-process.ts';
import { startExporterRun } from '#test/faults/harness/exporter-run.ts';
import type { ExporterRun } from '#test/faults/harness/exporter-run.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { ALLOWED, SESSION_MS, startTokenKafka } from './token-kafka.ts';
import type { TokenKafka } from './token-kafka.ts';

vi.setConfig({ testTimeout: 240_000 });

const SIGNER = join(import.meta.dirname, 'replace-signer.ts');

/** Of the exchange and the exporter; sessions and tokens live in the machine's time. */
const SPEED = 5;

/** With the time that a busy machine takes to start it, and that a first candle takes to close. */
const AT_ONCE_MS = 40_000;

const stack = new AsyncDisposableStack();
let folder = '';
let kafka: TokenKafka | undefined;
beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
  kafka = stack.use(await startTokenKafka(folder));
}, 120_000);
afterAll(async () => stack.disposeAsync(), 60_000);

test('B6 credentials expire in the middle of the stream: new ones in time on the same connections, and after a while without any no candle is lost', async () => {
  await using run = await start();
  const { journal, awayFile, env } = comingAs(ALLOWED);
  const exporter = await run.exporter({ env, imports: [SIGNER] });
  const link = linkOf();
  await run.minutes(1);
  const [taken, tokens] = [link.taken, tokensIn(journal)];

  // Several sessions long.
  await run.wait(4 * SESSION_MS * SPEED);
  await run.nothingLost();
  expect(tokensIn(journal), 'tokens made').toBeGreaterThanOrEqual(tokens + 3);
  expect(link.taken, 'connections made').toBe(taken);
  expect(await exporter.metric(EXPORTER_METRICS.publishFailures.name)).toBe(0);

  writeFileSync(awayFile, '');
  await vi.waitFor(
    async () => expect(await exporter.metric(EXPORTER_METRICS.publishFailures.name)).toBeGreaterThan(0),
    { timeout: 3 * SESSION_MS, interval: 200 },
  );
  await run.minutes(2);
  expect((await fetch(`${exporter.url}/readyz`)).status).toBe(503);
  expect(exporter.log()).toContain('no credentials to be had');
  rmSync(awayFile);
  await run.minutes(1);
  await run.nothingLost({ withinMs: 60_000 });
  console.log(`B6: ${tokensIn(journal)} tokens, ${link.taken} connections`);
});

const { DESCRIBE, READ } = AclOperationTypes;

/** What a principal may, and the action that its exporter's last words ask for. */
const REFUSED = [
  { may: [], group: false, action: 'DescribeTopic' },
  { may: [DESCRIBE], group: true, action: 'ReadData' },
  { may: [READ], group: true, action: 'WriteData' },
] as const;

test('B7 a topic that is missing or refused ends the exporter at once, with the topic and the action in its last words', async () => {
  await using run = await start();
  expect(await lastWords(run, ALLOWED, { TOPIC: 'no-such-topic' })).toMatch(
    /topics no-such-topic.*: create them/,
  );

  // Something to read back, without which nobody would see that reading is refused.
  const allowed = await run.exporter({ env: comingAs(ALLOWED).env, imports: [SIGNER] });
  await run.minutes(1);
  await run.nothingLost();
  await allowed.stop();
  for (const { action, ...rights } of REFUSED) {
    const principal = `may-not-${action}`;
    await grant(run, principal, rights);
    const words = await lastWords(run, principal);
    expect(words).toContain(run.topic);
    expect(words).toContain(`kafka-cluster:${action}`);
  }

  // A group that is refused looks to the client like one that has no coordinator yet: it is tried again, and never quietly.
  await grant(run, 'groupless', { may: [READ], group: false });
  const groupless = await run.exporter({
    env: comingAs('groupless').env,
    imports: [SIGNER],
    isReady: answers,
  });
  const unread = /"event":"cursor-unread","reason":"Failed to find group coordinator/;
  await vi.waitFor(() => expect(groupless.log()).toMatch(unread), { timeout: AT_ONCE_MS });
  expect(groupless.log()).toContain('Group authorization failed');
  expect((await fetch(`${groupless.url}/readyz`)).status).toBe(503);
});

/** For the candles and the dead letters alike. */
async function grant(
  run: ExporterRun,
  principal: string,
  { may, group }: { readonly may: readonly AclOperationTypes[]; readonly group: boolean },
): Promise<void> {
  const common = {
    principal: `User:${principal}`,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
  };
  const acl = [run.topic, run.letters].flatMap((resourceName) =>
    may.map((operation) => ({
      ...common,
      operation,
      resourceName,
      resourceType: AclResourceTypes.TOPIC,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    })),
  );
  if (group) {
    acl.push({
      ...common,
      operation: AclOperationTypes.ALL,
      resourceName: CURSOR_GROUP_PREFIX,
      resourceType: AclResourceTypes.GROUP,
      resourcePatternType: ResourcePatternTypes.PREFIXED,
    });
  }
  if (acl.length > 0) await askBroker(stand().cluster.direct, async (admin) => admin.createAcls({ acl }));
}

/** What it fails with, said before it goes. */
async function lastWords(
  run: ExporterRun,
  principal: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const exporter = await run.exporter({
    env: { ...comingAs(principal).env, ...more },
    imports: [SIGNER],
    // It may be gone before it answers.
    isReady: async () => Promise.resolve(true),
  });
  const ended = await Promise.race([exporter.exited, delay(AT_ONCE_MS, 'it lives on')]);
  expect(ended, `${principal}: ${exporter.log()}`).toBe('exit code 1');
  const last = exporter
    .log()
    .split('\n')
    .filter((line) => line.includes('"event":"failed"'));
  expect(last.length, exporter.log()).toBe(1);
  return last.join();
}

function stand(): TokenKafka {
  if (kafka === undefined) throw new Error('expected a broker, got none yet');
  return kafka;
}

function linkOf() {
  const [node] = stand().cluster.nodes;
  if (node === undefined) throw new Error('expected a broker, got none');
  return node.link;
}

async function start(): Promise<ExporterRun> {
  return startExporterRun({ kafka: stand().cluster, folder, speed: SPEED });
}

function comingAs(principal: string) {
  const journal = join(folder, `tokens-${Math.random().toString(36).slice(2)}`);
  const awayFile = `${journal}-away`;
  return { journal, awayFile, env: stand().environment({ principal, journal, awayFile }) };
}

function tokensIn(journal: string): number {
  return readFileSync(journal, 'utf8').split('\n').length - 1;
}
