import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import type { Landed } from './scenario.ts';
import { minutes, recorded, recordedAt, records, START_MS } from './scenario.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** By minute of the recording. */
const LOST = [100, 101, 102];
export const NOT_AT_EXCHANGE = [200, 201];
/** Next to those, and ours all the same. */
const LOST_BESIDE = [202];
export const LATE = 300;
const JUST_IN_TIME = 301;
export const FILLED = 302;
export const CORRECTED = 400;
export const CORRECTED_BEFORE = 401;
export const SENT_TWICE = 402;
export const DELIVERED_AGAIN = [10, 11, 12, 13, 14];
const DATED_IN_THE_FUTURE = 5;
const FIRST_DAY_END = 1799;
/** ETHUSDT leaves the exchange after it. */
const DELISTED_AFTER = 500;
const DELISTED_LOST = [450, 451];

/** What the stream brought, with all that goes wrong with streams, as of `landedMs`. */
export function firstDay(landedMs: number): Landed {
  const lost = [...LOST, ...NOT_AT_EXCHANGE, ...LOST_BESIDE];
  const changes = new Map([
    [LATE, { publishedTime: toInstant(openMs(LATE + 1) - 1 + 60_001) }],
    [JUST_IN_TIME, { publishedTime: toInstant(openMs(JUST_IN_TIME + 1) - 1 + 60_000) }],
    [FILLED, { source: 'rest' as const }],
  ]);
  const btc = minutes(0, FIRST_DAY_END, lost).map((minute) =>
    recorded('BTCUSDT', minute, changes.get(minute)),
  );
  const again = [
    recorded('BTCUSDT', CORRECTED, { source: 'rest', close: recorded('BTCUSDT', CORRECTED).low }),
    recorded('BTCUSDT', CORRECTED_BEFORE, { source: 'rest', trades: 7 }),
    recorded('BTCUSDT', SENT_TWICE, { trades: 8 }),
  ];
  const sentAfterwards = recorded('BTCUSDT', CORRECTED_BEFORE);
  const streamed = records(0, 1000, btc, landedMs);
  const eth = minutes(0, DELISTED_AFTER, DELISTED_LOST).map((minute) => recorded('ETHUSDT', minute));
  return {
    records: [
      ...streamed.map((record, index) =>
        index === DATED_IN_THE_FUTURE ? { ...record, landedMs: landedMs + 72 * HOUR_MS } : record,
      ),
      ...records(0, 1000 + btc.length, again, landedMs + 1000),
      ...records(0, 1000 + btc.length + again.length, [sentAfterwards], landedMs + 2000),
      ...DELIVERED_AGAIN.flatMap((index) => streamed.slice(index, index + 1)).map((record) => ({
        ...record,
        landedMs: landedMs + 3000,
      })),
      ...records(1, 0, eth, landedMs),
    ],
    files: [],
  };
}

const LAST_YEAR_MS = Date.UTC(2024, 10, 5);
const SECOND_DAY_END = 1999;
/** The whole of a bucket of five minutes. */
const REST_CORRECTION = 1238;

/** What lands afterwards: the stream goes on, holes are filled, and a day of last year is loaded. */
export function secondDay(landedMs: number): Landed {
  const day = minutes(0, 1439, [700]).map((minute) =>
    recordedAt('BTCUSDT', minute, LAST_YEAR_MS + minute * MINUTE_MS),
  );
  const healed = LOST.map((minute) => recorded('BTCUSDT', minute));
  const corrected = recorded('BTCUSDT', REST_CORRECTION, { trades: 9 });
  const offset = 1000 + FIRST_DAY_END + 1 - LOST.length - NOT_AT_EXCHANGE.length - LOST_BESIDE.length + 4;
  return {
    records: [
      ...records(
        0,
        offset,
        minutes(FIRST_DAY_END + 1, SECOND_DAY_END).map((minute) => recorded('BTCUSDT', minute)),
        landedMs,
      ),
      // the sink was rewound by a few records
      ...records(
        0,
        1000,
        minutes(0, 9).map((minute) => recorded('BTCUSDT', minute)),
        landedMs,
      ),
    ],
    files: [
      {
        name: 'BTCUSDT-1m-2024-11-05.zip',
        symbol: 'BTCUSDT',
        granularity: 'daily',
        firstMs: LAST_YEAR_MS,
        lastMs: LAST_YEAR_MS + 1439 * MINUTE_MS,
        candles: day,
        landedMs,
      },
      {
        name: 'rest/BTCUSDT/1',
        symbol: 'BTCUSDT',
        granularity: 'rest',
        firstMs: openMs(LOST[0] ?? 0),
        lastMs: openMs(LOST.at(-1) ?? 0),
        candles: healed,
        landedMs,
      },
      {
        name: 'rest/BTCUSDT/2',
        symbol: 'BTCUSDT',
        granularity: 'rest',
        firstMs: openMs(REST_CORRECTION),
        lastMs: openMs(REST_CORRECTION),
        candles: [corrected],
        landedMs,
      },
    ],
  };
}

function openMs(minute: number): number {
  return START_MS + minute * MINUTE_MS;
}
