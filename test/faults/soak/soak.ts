import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE_MS } from '#domain/candle.ts';
import { randomFrom } from '#test/faults/fuzz/random.ts';
import { drawPlan } from '#test/faults/harness/fault-plan.ts';
import type { PlannedFault } from '#test/faults/harness/fault-plan.ts';
import { compareWithLedger, unmarkedInversions } from '#test/faults/harness/ledger-check.ts';
import type { Comparison } from '#test/faults/harness/ledger-check.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { loseRecords } from './lose-records.ts';
import { sampleMemory } from './memory.ts';
import type { MemoryOfPart } from './memory.ts';
import { MENU } from './menu.ts';
import { checkMetrics, countDropped, hasMinute } from './metrics-check.ts';
import type { MetricsCheck } from './metrics-check.ts';
import { startLiveHalf } from './parts.ts';
import type { LiveHalf } from './parts.ts';
import { followTopic } from './watermark.ts';
import type { Watermark } from './watermark.ts';

export interface SoakOptions {
  /** Of the machine's time, in which faults begin. */
  readonly minutes: number;
  readonly symbols: number;
  /** Times as fast as the machine's clock. */
  readonly speed: number;
  readonly seed: number;
  /** Has Kafka lose records in the end, to see that it is found. */
  readonly lose?: boolean;
  readonly signal: AbortSignal;
  /** A line to show. */
  readonly say: (line: string) => void;
}

/** One fault as it was carried out; times are ms of the machine since the soak's start. */
export interface Happened {
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** From its end until Kafka had every candle closed by then, and the metrics the newest of each symbol; undefined when they never did. */
  readonly recoveredMs: number | undefined;
}

export interface SoakResult {
  readonly kafka: Comparison & { readonly inversions: readonly string[] };
  readonly metrics: MetricsCheck & { readonly counted: number };
  readonly faults: readonly Happened[];
  readonly memory: readonly MemoryOfPart[];
}

/** As long as no window of the stores is left: an hour of the run's time is what the metrics store takes. */
const LEAST_MS = 1000;
const MOST_MS = 20_000;
/** Of the machine's time, from one fault to the next on average. */
const EVERY_MS = 15_000;
const SETTLE_MS = 180_000;

/** The plan: the same seed gives the same one. */
export function planOf({ minutes, seed }: Pick<SoakOptions, 'minutes' | 'seed'>) {
  const spanMs = minutes * 60_000;
  return drawPlan(randomFrom(seed), {
    count: Math.max(1, Math.round(spanMs / EVERY_MS)),
    spanMs,
    leastMs: LEAST_MS,
    mostMs: MOST_MS,
    menu: MENU,
  });
}

/** Runs the live half under the plan's faults, lets it heal, and holds both stores against the exchange's ledger. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { symbols, speed, signal, say } = options;
  await using folder = await temporaryFolder();
  await using half = await startLiveHalf(folder.path, symbols, speed);
  const { run, kafka, store } = half;
  await run.minutes(2);
  const names = [...new Set([...run.exchange.ledger()].map(({ symbol }) => symbol))];
  await using watermark = await followTopic(kafka.direct, run.topic, names, run.time.startMs);
  using memory = sampleMemory({
    exporter: () => half.exporter.current().pid,
    consumer: () => half.consumer.current().pid,
    Kafka: () => kafka.nodes[0]?.pid ?? 0,
    'metrics store': () => store.pid,
    'exchange and checks': () => process.pid,
  });
  const faults = await underFaults(planOf(options), half, watermark, options);
  say('the last fault is over: waiting until every candle is in both stores');
  await run.minutes(2);
  const ledger = [...run.exchange.ledger()];
  if (options.lose) {
    await loseRecords(kafka.direct, run.topic);
    say('Kafka has lost the records of a partition, as was asked for');
  }
  const settled = await settle(ledger, half, signal);
  return {
    ...settled,
    metrics: { ...(await checkMetrics(store.url, ledger)), counted: await countDropped(half.consumerUrl) },
    faults,
    memory: memory.summary(),
  };
}

async function underFaults(
  plan: readonly PlannedFault<(typeof MENU)[number]>[],
  half: LiveHalf,
  watermark: Watermark,
  options: SoakOptions,
): Promise<readonly Happened[]> {
  const { signal, say } = options;
  const startedMs = Date.now();
  const places = new Map<string, Promise<unknown>>();
  const sinceStart = () => Date.now() - startedMs;
  const carryOut = async ({ forMs, what }: (typeof plan)[number]): Promise<Happened> => {
    const fromMs = sinceStart();
    const duration = what.isMoment ? '' : `, for ${(forMs / 1000).toFixed(1)} s`;
    say(`${clock(fromMs)} ${what.kind}${duration}; ${watermark.read()} candles in Kafka`);
    const end = await what.begin(half);
    if (!what.isMoment) await delay(forMs, undefined, { signal });
    await end();
    return { kind: what.kind, fromMs, toMs: sinceStart(), recoveredMs: undefined };
  };
  return Promise.all(
    plan.map(async (planned) => {
      await delay(planned.atMs, undefined, { signal });
      const { place } = planned.what;
      const begun = (places.get(place) ?? Promise.resolve()).then(async () => carryOut(planned));
      places.set(place, begun);
      const happened = await begun;
      const recoveredMs = await recovery(half, watermark, options);
      return { ...happened, recoveredMs };
    }),
  );
}

/** Until both stores have what had closed when this began; undefined when they do not within the time to settle. */
async function recovery(
  half: LiveHalf,
  watermark: Watermark,
  { symbols, signal }: Pick<SoakOptions, 'symbols' | 'signal'>,
): Promise<number | undefined> {
  const endedMs = Date.now();
  const newest = Math.floor(half.run.clock.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  const isThere = async () =>
    watermark.ofAll() >= newest && (await hasMinute(half.store.url, newest, symbols));
  // oxlint-disable-next-line no-await-in-loop -- it waits
  while (!(await isThere())) {
    if (Date.now() - endedMs > SETTLE_MS) return undefined;
    // oxlint-disable-next-line no-await-in-loop -- it waits
    await delay(50, undefined, { signal });
  }
  return Date.now() - endedMs;
}

async function settle(
  ledger: Parameters<typeof checkMetrics>[1],
  { run, store }: LiveHalf,
  signal: AbortSignal,
): Promise<Pick<SoakResult, 'kafka'>> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- it waits
    const candles = await run.inKafka();
    const comparison = compareWithLedger(ledger, candles);
    const all = run.exchange.ledger({ fromMs: run.time.startMs - 24 * 60 * MINUTE_MS });
    // oxlint-disable-next-line no-await-in-loop
    const { absent } = await checkMetrics(store.url, ledger);
    if ((comparison.lost.length === 0 && absent.length === 0) || Date.now() > deadline) {
      const { invented } = compareWithLedger(all, candles);
      return { kafka: { ...comparison, invented, inversions: unmarkedInversions(candles, ledger) } };
    }
    // oxlint-disable-next-line no-await-in-loop
    await delay(1000, undefined, { signal });
  }
}

/** mm:ss */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
