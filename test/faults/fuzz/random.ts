/** Numbers from a seed, fast enough for millions; the same seed gives the same ones. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** True once in `times`, on average. */
  once(times: number): boolean;
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    once: (times) => below(times) === 0,
  };
}

/** That of FAULT_SEED, or the given one in a run that is to be the same each time, or a new one; printed, so that a failure can be had again. */
export function faultSeed(what: string, fixed?: number): number {
  const given = process.env['FAULT_SEED'];
  const seed = given === undefined ? (fixed ?? Date.now() % 2 ** 31) : Number(given);
  if (!Number.isInteger(seed) || seed < 0) {
    throw new RangeError(`FAULT_SEED: expected a whole number, got ${JSON.stringify(given)}`);
  }
  console.log(`${what}: FAULT_SEED=${seed}`);
  return seed;
}
