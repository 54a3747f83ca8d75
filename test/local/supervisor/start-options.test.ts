import { resolve } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { LOCAL_FOLDER } from '#local/setup/folders.ts';
import { parseStartOptions } from '#local/supervisor/start-options.ts';

test('without arguments, 20 symbols run from whichever source there is', () => {
  expect(parse()).toEqual({
    symbols: { exporter: 'top:20', exchange: '20' },
    source: undefined,
    speed: 1,
    portBase: 18_800,
    open: true,
    batch: true,
    folder: LOCAL_FOLDER,
  });
});

test('every option is taken as given', () => {
  const args = '--replay --speed 30 --port-base 20000 --no-open --no-batch --data there --symbols 50';
  expect(parse(...args.split(' '))).toEqual({
    symbols: { exporter: 'top:50', exchange: '50' },
    source: 'replay',
    speed: 30,
    portBase: 20_000,
    open: false,
    batch: false,
    folder: resolve('there'),
  });
});

test.for([
  ['5', 'top:5', '20'],
  ['top:30', 'top:30', '30'],
  ['btcusdt,ETHUSDT', 'btcusdt,ETHUSDT', 'BTCUSDT,ETHUSDT'],
  ['all:USDT', 'all:USDT', undefined],
] as const)(
  '--symbols %s is %s for the exporter and %s for the replay exchange',
  ([text, exporter, exchange]) => {
    expect(parse('--symbols', text).symbols).toEqual({ exporter, exchange });
  },
);

test('a speed means a replay', () => {
  expect(parse('--speed', '60').source).toBe('replay');
  expect(parse('--live').source).toBe('live');
});

test.for([
  [['--speed', '0'], 'expected a whole number from 1 to 1000, got "0"'],
  [['--speed', 'fast'], 'expected a whole number from 1 to 1000, got "fast"'],
  [['--port-base', '80'], 'expected a whole number from 1024 to 65525, got "80"'],
  [['--symbols', '0'], 'expected a number of symbols from 1, a list like BTCUSDT,ETHUSDT'],
  [['--symbols', 'top:x'], 'got "top:x"'],
  [['--live', '--replay'], "'--live' cannot be used with option '--replay'"],
  [['--live', '--speed', '2'], "'--live' cannot be used with option '--speed <n>'"],
  [['--sybmols', '5'], "unknown option '--sybmols'"],
  [['5'], 'too many arguments'],
] as const)('%s is refused with what was expected', ([args, message]) => {
  expect(() => parse(...args)).toThrow(message);
});

test('the help says what each option does, and what the warehouse half is', () => {
  const help: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeOut: (text) => help.push(text) });
  expect(() => parseStartOptions(['--help'], program)).toThrow('outputHelp');
  expect(help.join('')).toContain('--port-base <n>');
  expect(help.join('').replaceAll(/\s+/g, ' ')).toContain(
    'leave out the warehouse half: Kafka Connect, the warehouse, Airflow with dbt',
  );
});

function parse(...args: readonly string[]) {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  return parseStartOptions(args, program);
}
