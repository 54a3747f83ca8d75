/** Decimals as exact integers in units of 10^-8, the precision of every number on this exchange. */
const UNIT_DECIMALS = 8;

export const UNITS_PER_ONE = 10n ** BigInt(UNIT_DECIMALS);

export function toUnits(value: string): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(UNIT_DECIMALS, '0'));
}

/** Always 8 decimals, as Binance writes its numbers. */
export function fromUnits(units: bigint): string {
  const digits = units.toString().padStart(UNIT_DECIMALS + 1, '0');
  return `${digits.slice(0, -UNIT_DECIMALS)}.${digits.slice(-UNIT_DECIMALS)}`;
}

/** Rounded down to a multiple of the tick, which keeps the order of any two values. */
export function floorTo(units: bigint, decimals: number): bigint {
  const tick = 10n ** BigInt(UNIT_DECIMALS - decimals);
  return units - (units % tick);
}
