import * as z from 'zod';
import { timeField } from './display.ts';
import type { Frame, NumberField } from '#local/page/dashboards/frame.ts';

export const candlestickOptions = z.object({
  mode: z.enum(['candles+volume', 'candles', 'volume']).default('candles+volume'),
  candleStyle: z.enum(['candles', 'ohlcbars']).default('candles'),
  colorStrategy: z.enum(['open-close', 'close-close']).default('open-close'),
  fields: z
    .object({
      open: z.string().optional(),
      high: z.string().optional(),
      low: z.string().optional(),
      close: z.string().optional(),
      volume: z.string().optional(),
    })
    .prefault({}),
  colors: z
    .object({
      up: z.string().default('green'),
      down: z.string().default('red'),
      flat: z.string().default('gray'),
    })
    .prefault({}),
  includeAllFields: z.boolean().default(false),
});
export type CandlestickOptions = z.infer<typeof candlestickOptions>;

type Direction = 'up' | 'down' | 'flat';

export interface Candle {
  readonly timeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
  readonly direction: Direction;
}

export interface Candles {
  /** Rising; a row in which a price is missing is none. */
  readonly candles: readonly Candle[];
  /** Of the close, whose configuration the prices are written by. */
  readonly price: NumberField;
  readonly volume: NumberField | undefined;
}

/** The candles of the frame that holds the fields that the options name. */
export function candlesOf(options: CandlestickOptions, frames: readonly Frame[]): Candles {
  const frame = frames.find((one) => timeField(one) !== undefined) ?? frames[0];
  const [open, high, low, close] = (['open', 'high', 'low', 'close'] as const).map((role) =>
    fieldOf(role, options, frame),
  );
  const times = frame && timeField(frame);
  if (!times || !open || !high || !low || !close) {
    const names = frames.flatMap(({ fields }) => fields.map(({ name }) => name));
    throw new Error(
      `candlestick: expected one table with Time and the fields for open, high, low and close, got ${names.join(', ')}: join the queries by Time`,
    );
  }
  const volume = fieldOf('volume', options, frame);
  const candles: Candle[] = [];
  for (const [row, timeMs] of times.values.entries()) {
    const [o, h, l, c] = [open, high, low, close].map((field) => field.values[row] ?? null);
    if (timeMs === null || !isNumber(o) || !isNumber(h) || !isNumber(l) || !isNumber(c)) continue;
    const since = options.colorStrategy === 'close-close' ? (candles.at(-1)?.close ?? o) : o;
    const direction = c > since ? 'up' : c < since ? 'down' : 'flat';
    candles.push({
      timeMs,
      open: o,
      high: h,
      low: l,
      close: c,
      volume: volume?.values[row] ?? null,
      direction,
    });
  }
  return { candles: candles.toSorted((a, b) => a.timeMs - b.timeMs), price: close, volume };
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** By the name that the options give, or by the role itself, as Grafana guesses. */
function fieldOf(
  role: keyof CandlestickOptions['fields'],
  { fields }: CandlestickOptions,
  frame: Frame | undefined,
): NumberField | undefined {
  const wanted = fields[role]?.toLowerCase() ?? role;
  return frame?.fields
    .filter((field) => field.type === 'number')
    .find(({ name, displayName }) => [name, displayName].some((one) => one.toLowerCase() === wanted));
}
