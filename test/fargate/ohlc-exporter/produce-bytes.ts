import { createRequire } from 'node:module';
import { sep } from 'node:path';
import type { Load, Produce } from '#fargate/ohlc-exporter/quick-encoder.ts';
import type { Encoder, ProduceArguments } from '#fargate/ohlc-exporter/produce-request.ts';

/** kafkajs loaded anew, whatever was done to it elsewhere; by the paths of its files. */
export function freshKafkajs(): Load {
  const require = createRequire(import.meta.url);
  for (const path of Object.keys(require.cache)) {
    if (path.includes(`${sep}kafkajs${sep}`)) delete require.cache[path];
  }
  const loaded = new Map(PATHS.map((path) => [path, require(path) as unknown] as const));
  return (path) => loaded.get(path);
}

const PRODUCE = 'kafkajs/src/protocol/requests/produce';
const PATHS = ['kafkajs/package.json', PRODUCE, 'kafkajs/src/protocol/encoder'];

export function produceOf(load: Load): Produce {
  // PRODUCE is that table
  return load(PRODUCE) as Produce;
}

/** What goes over the wire. */
export async function bytesOf(produce: Produce, version: number, given: ProduceArguments): Promise<Buffer> {
  const { request } = produce.protocol({ version })(given);
  return (await createRequest({ correlationId: 7, clientId: 'ohlc-exporter', request })).buffer;
}

// as its source has it
const createRequest = createRequire(import.meta.url)('kafkajs/src/protocol/request') as (of: {
  readonly correlationId: number;
  readonly clientId: string;
  readonly request: unknown;
}) => Promise<Encoder>;
