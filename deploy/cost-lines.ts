import type { StageSettings } from '#lib/stage/stage.ts';
import type { Assumptions } from './cost-assumptions.ts';
import { CALL_SECONDS, HOURS, volumeOf } from './cost-volume.ts';
import type { Volume } from './cost-volume.ts';
import { AIRFLOW_CLASSES, BROKERS, PRICES, REGION_FACTORS } from './prices.ts';
import type { Price } from './prices.ts';

export interface CostLine {
  /** Who bills it, or which part of AWS's bill. */
  readonly group:
    | 'stream'
    | 'live'
    | 'network'
    | 'metrics'
    | 'warehouse'
    | 'batch'
    | 'operations'
    | 'snowflake';
  readonly what: string;
  readonly quantity: number;
  readonly per: string;
  /** Of one, in the stage's region. */
  readonly unitUsd: number;
  readonly monthlyUsd: number;
  readonly source: string;
}

type LineOf = (group: CostLine['group'], what: string, quantity: number, price: Price) => CostLine;

interface Basis {
  readonly stage: StageSettings;
  readonly assumptions: Assumptions;
  readonly volume: Volume;
  readonly line: LineOf;
}

/** A month of the stage, line by line; throws for a type, class or region without a price. */
export function costLines(stage: StageSettings, assumptions: Assumptions): readonly CostLine[] {
  const factor = priced('region', REGION_FACTORS, stage.region);
  const line: LineOf = (group, what, quantity, { usd, per, source, isGlobal }) => {
    const unitUsd = usd * (isGlobal ? 1 : factor);
    return { group, what, quantity, per, unitUsd, monthlyUsd: quantity * unitUsd, source };
  };
  const basis = { stage, assumptions, volume: volumeOf(stage, assumptions.healthSeries), line };
  return [
    ...streamLines(basis),
    ...liveLines(basis),
    ...networkLines(basis),
    ...metricsLines(basis),
    ...batchLines(basis),
    ...operationsLines(basis),
    ...snowflakeLines(basis),
  ].filter(({ quantity, unitUsd }) => quantity > 0 && unitUsd > 0);
}

function streamLines({ stage, volume, line }: Basis): readonly CostLine[] {
  const { brokers, brokerCount, retentionDays, replicationFactor } = stage.stream;
  const { mcu, minimumWorkers } = stage.warehouse.capacity;
  const kept = (volume.candleGb / 30) * retentionDays;
  return [
    line(
      'stream',
      `${brokerCount} brokers ${brokers.instanceType}`,
      brokerCount * HOURS,
      priced('stream.brokers.instanceType', BROKERS, brokers.instanceType),
    ),
    ...(brokers.family === 'standard'
      ? [line('stream', 'their volumes', brokerCount * brokers.storageGiB, PRICES.standardStorage)]
      : [
          line('stream', 'what they keep', kept, PRICES.expressStorage),
          line('stream', 'what is written', volume.candleGb, PRICES.expressWritten),
        ]),
    line('stream', 'candles between zones', volume.candleGb * replicationFactor, PRICES.trafficBetweenZones),
    line(
      'warehouse',
      `${minimumWorkers} Connect workers of ${mcu} units`,
      mcu * minimumWorkers * HOURS,
      PRICES.connectUnit,
    ),
  ];
}

function liveLines({ stage, assumptions, volume, line }: Basis): readonly CostLine[] {
  const { cpu, memoryMiB } = stage.exporter;
  const { memoryMiB: functionMiB, pollers } = stage.metrics.consumer;
  // the loader's task has the exporter's size
  const hours = HOURS + assumptions.loaderHours;
  return [
    line('live', 'exporter and archive loader: CPU', (cpu / 1024) * hours, PRICES.fargateCpu),
    line('live', 'exporter and archive loader: memory', (memoryMiB / 1024) * hours, PRICES.fargateMemory),
    line(
      'live',
      `consumer of ${functionMiB} MiB`,
      volume.calls * CALL_SECONDS * (functionMiB / 1024),
      PRICES.functionTime,
    ),
    line('live', 'consumer: calls', volume.calls / 1e6, PRICES.functionCall),
    line('live', `${pollers?.minimum ?? 0} event pollers`, (pollers?.minimum ?? 0) * HOURS, PRICES.poller),
  ];
}

function networkLines({ stage, assumptions, volume, line }: Basis): readonly CostLine[] {
  const { natGateways, hasInterfaceEndpoints } = stage.network;
  const endpoints = hasInterfaceEndpoints ? assumptions.interfaceEndpoints * stage.zones.length : 0;
  return [
    line('network', `${natGateways} NAT gateways`, natGateways * HOURS, PRICES.natGateway),
    line('network', `${natGateways} public addresses`, natGateways * HOURS, PRICES.publicAddress),
    line(
      'network',
      'through NAT: frames, history, Snowflake',
      volume.frameGb + assumptions.historyGb + assumptions.gbOut,
      PRICES.natTraffic,
    ),
    line('network', `${endpoints} interface endpoints`, endpoints * HOURS, PRICES.interfaceEndpoint),
    line('network', 'names looked up', assumptions.lookups, PRICES.lookups),
    line('network', 'to the internet', assumptions.gbOut, PRICES.trafficOut),
  ];
}

function metricsLines({ assumptions, volume, line }: Basis): readonly CostLine[] {
  return [
    line('metrics', `samples of ${volume.symbols} symbols, and health`, volume.samples / 1e7, PRICES.samples),
    line('metrics', 'samples kept', volume.samplesStoredGb, PRICES.samplesStored),
    line('metrics', 'samples read', assumptions.queriedSamples, PRICES.samplesQueried),
    line('metrics', 'Grafana: editors', assumptions.editors, PRICES.grafanaEditor),
    line('metrics', 'Grafana: viewers', assumptions.viewers, PRICES.grafanaViewer),
  ];
}

function batchLines({ stage, line }: Basis): readonly CostLine[] {
  const { environmentClass, minimumWorkers, schedulers, webServers } = stage.batch;
  const { environment, further } = priced('batch.environmentClass', AIRFLOW_CLASSES, environmentClass);
  const included = environmentClass === 'mw1.micro' ? 1 : 2;
  const more = minimumWorkers - 1 + (schedulers - included) + (webServers.minimum - included);
  return [
    line('batch', `Airflow ${environmentClass}`, HOURS, environment),
    line('batch', `${more} more workers, schedulers, web servers`, more * HOURS, further),
    line('batch', "Airflow's database", 10, PRICES.airflowStorage),
  ];
}

/** One for everything of the stage. */
const KEYS = 1;

/** Of Snowflake's three service users, and of its administrator. */
const SECRETS = 4;

function operationsLines({ assumptions, line }: Basis): readonly CostLine[] {
  return [
    line('operations', 'keys', KEYS, PRICES.key),
    line('operations', 'secrets', SECRETS, PRICES.secret),
    line('operations', 'buckets', assumptions.bucketsGb, PRICES.storage),
    line('operations', 'logs', assumptions.logsGb, PRICES.logs),
    line('operations', 'alarms', assumptions.alarms, PRICES.alarm),
    line('operations', 'metrics of our own', assumptions.customMetrics, PRICES.metric),
  ];
}

function snowflakeLines({ assumptions, line }: Basis): readonly CostLine[] {
  return [
    line('snowflake', 'credits', assumptions.snowflakeCredits, PRICES.snowflakeCredit),
    line('snowflake', 'storage', assumptions.snowflakeGb / 1000, PRICES.snowflakeStorage),
  ];
}

function priced<T>(field: string, prices: Readonly<Record<string, T>>, name: string): T {
  const price = Object.hasOwn(prices, name) ? prices[name] : undefined;
  if (price === undefined) {
    throw new Error(
      `${field}: expected one with a price in deploy/prices.ts (${Object.keys(prices).join(', ')}), got ${name}; add its price there`,
    );
  }
  return price;
}
