import { GetBootstrapBrokersCommand, KafkaClient } from '@aws-sdk/client-kafka';
import { generateAuthToken } from 'aws-msk-iam-sasl-signer-js';
import { Kafka, logLevel } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { FatalSendError } from './candle-publisher.ts';
import type { Send } from './candle-publisher.ts';
import type { ExporterConfig, KafkaAddress } from './env.ts';
import type { Log } from './log.ts';

/** Its own retries bridge a broker's hand-over; longer outages are ridden out by the caller. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 2000, retries: 5 } as const;

export async function createKafka(
  config: Pick<ExporterConfig, 'kafka' | 'kafkaAuth'>,
  log: Log,
): Promise<Kafka> {
  const base = {
    clientId: 'ohlc-exporter',
    brokers: [...(await brokersOf(config.kafka, config.kafkaAuth))],
    connectionTimeout: 5000,
    requestTimeout: 15_000,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: kafkaLog(log),
  };
  if (config.kafkaAuth === 'none') return new Kafka(base);
  const region = awsRegion(config.kafka);
  return new Kafka({
    ...base,
    ssl: true,
    sasl: {
      mechanism: 'oauthbearer',
      oauthBearerProvider: async () => ({ value: (await generateAuthToken({ region })).token }),
    },
  });
}

/**
 * A producer's send. acks -1 and no idempotence: kafkajs loses acknowledged records with it when brokers fail,
 * and every reader drops duplicates by a candle's identity anyway.
 */
export function createSend(producer: Producer): Send {
  return async (topic, messages) => {
    try {
      await producer.send({
        topic,
        acks: -1,
        messages: messages.map(({ key, value, headers }) => ({
          key,
          value,
          ...(headers ? { headers: { ...headers } } : {}),
        })),
      });
    } catch (error) {
      if (error instanceof Error && 'type' in error && FATAL.has(String(error.type))) {
        throw new FatalSendError(
          `expected to write to topic ${topic}, got ${String(error.type)}: allow kafka-cluster:WriteData on it or mend TOPIC and DEAD_LETTER_TOPIC`,
          { cause: error },
        );
      }
      throw error;
    }
  };
}

const FATAL: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
]);

async function brokersOf(
  address: KafkaAddress,
  auth: ExporterConfig['kafkaAuth'],
): Promise<readonly string[]> {
  if (address.kind === 'brokers') return address.brokers;
  const client = new KafkaClient({ region: awsRegion(address) });
  const answer = await client.send(new GetBootstrapBrokersCommand({ ClusterArn: address.clusterArn }));
  const brokers = auth === 'iam' ? answer.BootstrapBrokerStringSaslIam : answer.BootstrapBrokerString;
  if (!brokers) {
    throw new Error(
      `expected ${auth === 'iam' ? 'IAM' : 'plaintext'} brokers of ${address.clusterArn}, got none: check KAFKA_AUTH against the cluster's client authentication`,
    );
  }
  return brokers.split(',');
}

/** The cluster's own region, else the process's. */
function awsRegion(address: KafkaAddress): string {
  const region = address.kind === 'msk' ? address.clusterArn.split(':')[3] : process.env['AWS_REGION'];
  if (!region) throw new Error('AWS_REGION: expected the region to sign for, got nothing');
  return region;
}

function kafkaLog(log: Log) {
  return () =>
    ({ level, log: entry }: { level: logLevel; log: { message: string; [key: string]: unknown } }) => {
      const facts = { reason: entry.message, error: entry['error'], broker: entry['broker'] };
      if (level === logLevel.ERROR) log.warn('kafka-client-error', facts);
      else log.info('kafka-client', facts);
    };
}
