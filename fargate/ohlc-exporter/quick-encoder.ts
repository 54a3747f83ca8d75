import { createRequire } from 'node:module';
import { encodeProduce, isPlain } from './produce-request.ts';
import type { Encoder, EncoderClass, ProduceArguments } from './produce-request.ts';

/**
 * Has kafkajs send candles as the very bytes that it makes of them itself, for a quarter of the CPU. Its own encoder gives each
 * record two zeroed buffers and each number of variable length another, and copies all that is sent eight times. After hours
 * away the exporter's quarter of a CPU is what everybody waits for, and nobody maintains kafkajs, where this would belong.
 *
 * The one thing exchanged is which function makes a produce request, for every producer of the process. What is more than
 * texts by text keys (headers, timestamps, compression, a transaction, a producer id) is encoded by kafkajs as before.
 */
export function installQuickEncoder(load: Load = createRequire(import.meta.url)): void {
  const { produce, Encoder } = partsOfKafkajs(load);
  if (installed.has(produce)) return;
  installed.add(produce);
  const original = produce.protocol;
  produce.protocol = ({ version }) => {
    const make = original({ version });
    if (version < FIRST_WITH_BATCHES) return make;
    return (given) => {
      const { request, response } = make(given);
      const encode = () => (isPlain(given) ? encodeProduce(given, Encoder) : request.encode());
      return { request: { ...request, encode }, response };
    };
  };
}

export type Load = (path: string) => unknown;

const installed = new WeakSet<object>();

/** The one whose bytes the tests compare with ours. */
const KAFKAJS = '2.2.4';

/** From 3 on they carry record batches, and differ in nothing but their number. */
const VERSIONS = '0,1,2,3,4,5,6,7';
const FIRST_WITH_BATCHES = 3;

/** kafkajs's table of produce requests. */
export interface Produce {
  readonly versions: readonly string[];
  protocol: (which: { readonly version: number }) => (given: ProduceArguments) => {
    readonly request: { readonly encode: () => Encoder | Promise<Encoder> };
    readonly response: unknown;
  };
}

function partsOfKafkajs(load: Load): { readonly produce: Produce; readonly Encoder: EncoderClass } {
  const wanted = `kafkajs ${KAFKAJS} with produce requests ${VERSIONS}`;
  const help = 'install it, or hold quick-encoder.ts and its test against what there is now';
  // each is looked at before it is used: the version says what else they have
  const { version } = load('kafkajs/package.json') as { readonly version?: unknown };
  if (version !== KAFKAJS) throw new Error(`expected ${wanted}, got ${String(version)}: ${help}`);
  const produce = load('kafkajs/src/protocol/requests/produce') as Produce;
  const Encoder = load('kafkajs/src/protocol/encoder') as EncoderClass;
  if (
    typeof produce.protocol !== 'function' ||
    String(produce.versions) !== VERSIONS ||
    typeof Encoder !== 'function'
  ) {
    const got = `protocol ${typeof produce.protocol}, versions ${String(produce.versions)}, encoder ${typeof Encoder}`;
    throw new Error(`expected ${wanted}, got ${got}: ${help}`);
  }
  return { produce, Encoder };
}
