import { Command, InvalidArgumentError } from 'commander';
import type { ExchangeLimits } from './limits.ts';
import { BINANCE_LIMITS } from './limits.ts';
import { startExchange } from './start.ts';

const program = new Command('exchange')
  .description(
    "Replays recorded candles as an exchange that speaks Binance spot's WebSocket, REST and archive protocols on 127.0.0.1",
  )
  .requiredOption(
    '--port <number>',
    'port for all protocols and the control API; 0 takes a free one',
    whole(0, 65_535),
  )
  .option('--symbols <count or list>', 'how many symbols, or which, comma-separated', readSymbols, 20)
  .option(
    '--speed <number>',
    'above 1: starts 55 min ago and runs this fast until now is reached',
    whole(1, 10_000),
    1,
  )
  .option('--stream-limit <number>', 'streams a connection', whole(1), BINANCE_LIMITS.streamsPerConnection)
  .option(
    '--attempt-limit <number>',
    'connection attempts in 5 min',
    whole(1),
    BINANCE_LIMITS.connectionAttempts,
  )
  .option('--weight-limit <number>', 'request weight a minute', whole(1), BINANCE_LIMITS.weightPerMinute)
  .option(
    '--connection-life <seconds>',
    'after which a connection ends',
    whole(1),
    BINANCE_LIMITS.connectionLifeMs / 1000,
  )
  .option(
    '--shutdown-notice <seconds>',
    'between notice and end',
    whole(0),
    BINANCE_LIMITS.shutdownNoticeMs / 1000,
  );

interface Options {
  readonly port: number;
  readonly symbols: number | readonly string[];
  readonly speed: number;
  readonly streamLimit: number;
  readonly attemptLimit: number;
  readonly weightLimit: number;
  readonly connectionLife: number;
  readonly shutdownNotice: number;
}

const options = program.parse().opts<Options>();
const limits: Partial<ExchangeLimits> = {
  streamsPerConnection: options.streamLimit,
  connectionAttempts: options.attemptLimit,
  weightPerMinute: options.weightLimit,
  connectionLifeMs: options.connectionLife * 1000,
  shutdownNoticeMs: options.shutdownNotice * 1000,
};
const { port, symbols, speed } = options;
const exchange = await startExchange({ port, symbols, speed, limits }).catch((error: unknown) =>
  program.error(`error: ${error instanceof Error ? error.message : String(error)}`),
);
process.stdout.write(`replay exchange on ${exchange.url} and ${exchange.wsUrl}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void exchange[Symbol.asyncDispose]());
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number of at least ${least}, at most ${most}`);
  };
}

function readSymbols(text: string): number | readonly string[] {
  return /^\d+$/.test(text) ? Number(text) : text.split(',').map((symbol) => symbol.trim().toUpperCase());
}
