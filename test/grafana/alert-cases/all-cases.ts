import type { AlertCase, GroupCases } from './alert-case.ts';
import { DELIVERY_CASES } from './delivery-cases.ts';
import { EXPORTER_CASES } from './exporter-cases.ts';
import { LIVE_CASES } from './live-cases.ts';
import { MARKET_CASES } from './market-cases.ts';
import { QUALITY_CASES } from './quality-cases.ts';
import { WAREHOUSE_CASES } from './warehouse-cases.ts';

/** By the name of the rules' group. */
export const CASES_BY_GROUP: Readonly<Record<string, GroupCases>> = {
  'crypto-exporter': EXPORTER_CASES,
  'crypto-live': LIVE_CASES,
  'crypto-delivery': DELIVERY_CASES,
  'crypto-quality': QUALITY_CASES,
  'crypto-warehouse': WAREHOUSE_CASES,
  'crypto-market': MARKET_CASES,
};

export const ALL_CASES: GroupCases = Object.assign({}, ...Object.values(CASES_BY_GROUP));

interface NamedCase extends AlertCase {
  readonly alert: string;
  readonly name: string;
}

export function namedCases(cases: GroupCases): readonly NamedCase[] {
  return Object.entries(cases).flatMap(([alert, { fires, quiet, nasty }]) => [
    { alert, name: `${alert} goes off`, ...fires },
    { alert, name: `${alert} keeps quiet`, ...quiet },
    ...Object.entries(nasty).map(([what, one]) => ({ alert, name: `${alert}: ${what}`, ...one })),
  ]);
}
