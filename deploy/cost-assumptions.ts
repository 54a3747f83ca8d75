/** What a stage's table can't know. Each is an option of `npm run cost`. */
export interface Assumption {
  /** As the option `--gb-out`. */
  readonly option: string;
  readonly value: number;
  readonly meaning: string;
}

export const ASSUMPTIONS = {
  gbOut: { option: 'gb-out', value: 5, meaning: 'GB a month to the internet: dashboards, Snowflake, alarms' },
  historyGb: {
    option: 'history-gb',
    value: 5,
    meaning: "GB a month of the exchange's archive, read through NAT",
  },
  interfaceEndpoints: {
    option: 'interface-endpoints',
    value: 8,
    meaning: 'interface endpoints in each zone, where the stage has them',
  },
  loaderHours: {
    option: 'loader-hours',
    value: 30,
    meaning: 'hours a month of the archive loader: a few minutes an hour, and each night',
  },
  editors: { option: 'editors', value: 1, meaning: 'people who change dashboards' },
  viewers: { option: 'viewers', value: 2, meaning: 'people who only look at them' },
  logsGb: { option: 'logs-gb', value: 10, meaning: 'GB a month of logs, those of the network included' },
  bucketsGb: { option: 'buckets-gb', value: 10, meaning: 'GB kept in buckets' },
  lookups: {
    option: 'lookups',
    value: 5,
    meaning: 'million names a month looked up through the DNS firewall',
  },
  alarms: { option: 'alarms', value: 60, meaning: 'CloudWatch alarms' },
  customMetrics: { option: 'custom-metrics', value: 30, meaning: 'CloudWatch metrics of our own' },
  healthSeries: {
    option: 'health-series',
    value: 300,
    meaning: 'series of the health of exporter, broker and marts, each a sample a minute',
  },
  queriedSamples: {
    option: 'queried-samples',
    value: 20,
    meaning: 'billion samples a month that rules and dashboards read',
  },
  snowflakeCredits: {
    option: 'snowflake-credits',
    value: 150,
    meaning: 'credits a month: builds every ten minutes keep an extra small warehouse awake for two of them',
  },
  snowflakeGb: { option: 'snowflake-gb', value: 50, meaning: 'GB kept in Snowflake' },
} as const satisfies Readonly<Record<string, Assumption>>;

export type Assumptions = { readonly [K in keyof typeof ASSUMPTIONS]: number };

/** Every assumption as it is if nobody says otherwise. */
export const DEFAULT_ASSUMPTIONS = Object.fromEntries(
  Object.entries(ASSUMPTIONS).map(([name, { value }]) => [name, value]),
) as Assumptions; // the same names
