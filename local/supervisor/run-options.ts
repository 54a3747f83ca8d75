import { join } from 'node:path';
import type { SymbolChoice } from './symbol-choice.ts';

/** What the parts are told of the run; each takes what it needs. */
export interface RunOptions {
  readonly source: 'live' | 'replay';
  readonly symbols: SymbolChoice;
  readonly speed: number;
  readonly portBase: number;
  /** With the warehouse half. */
  readonly batch: boolean;
  /** State and logs. */
  readonly folder: string;
}

/** Ports are the base plus these, all on 127.0.0.1. */
const PORT_OFFSETS = {
  page: 0,
  exchange: 1,
  kafka: 2,
  kafkaController: 3,
  prometheus: 4,
  exporter: 5,
  consumer: 6,
  warehouse: 7,
  connect: 8,
  airflow: 9,
  alertmanager: 10,
} as const;

export type PortName = keyof typeof PORT_OFFSETS;

/** The highest base that leaves every part a port. */
export const MAX_PORT_BASE = 65_535 - Math.max(...Object.values(PORT_OFFSETS));

export function portOf({ portBase }: Pick<RunOptions, 'portBase'>, name: PortName): number {
  return portBase + PORT_OFFSETS[name];
}

export function urlOf(options: Pick<RunOptions, 'portBase'>, name: PortName): string {
  return `http://127.0.0.1:${portOf(options, name)}`;
}

/** As KAFKA_BROKERS wants it. */
export function brokersOf(options: Pick<RunOptions, 'portBase'>): string {
  return `127.0.0.1:${portOf(options, 'kafka')}`;
}

/** Recorded and real candles of the same minute differ, so each source keeps its own data. */
export function dataFolder({ folder, source }: Pick<RunOptions, 'folder' | 'source'>): string {
  return join(folder, source);
}
