import { GetBootstrapBrokersCommand, KafkaClient } from '@aws-sdk/client-kafka';
import { generateAuthToken } from 'aws-msk-iam-sasl-signer-js';
import { Kafka, logLevel } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { EnvironmentError } from '#domain/environment.ts';
import { FatalSendError, TooLargeError } from './candle-publisher.ts';
import type { Send } from './candle-publisher.ts';
import type { ExporterConfig } from './env.ts';
import type { Log } from './log.ts';
import { installQuickEncoder } from './quick-encoder.ts';
import { symbolPartitioner } from './symbol-partitioner.ts';

/** Of what reads and asks; what is sent is tried again by the publisher alone. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 2000, retries: 5 } as const;

type KafkaConfig = Pick<ExporterConfig, 'kafka' | 'kafkaAuth' | 'awsRegion'>;

/** Asks MSK for the brokers where only the cluster is known. Throws an EnvironmentError for what is not set or not allowed. */
export async function createKafka(config: KafkaConfig, log: Log): Promise<Kafka> {
  const base = {
    clientId: 'ohlc-exporter',
    brokers: [...(await brokersOf(config))],
    connectionTimeout: 5000,
    requestTimeout: 15_000,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: kafkaLog(log),
  };
  if (config.kafkaAuth === 'none') return new Kafka(base);
  const region = regionOf(config);
  return new Kafka({
    ...base,
    ssl: true,
    sasl: {
      mechanism: 'oauthbearer',
      oauthBearerProvider: async () => iamToken(region),
    },
  });
}

/** One request in flight keeps each symbol's candles in order. */
export function createProducer(kafka: Kafka): Producer {
  installQuickEncoder();
  return kafka.producer({
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    // A try of kafkajs after a failed one leaves out each broker that has answered, and with it the partitions that it leads
    // only since the failure: those records are lost, and the send succeeds. So each try is a whole one, of the publisher.
    retry: { retries: 0 },
    createPartitioner: symbolPartitioner,
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
        messages: [...messages],
      });
    } catch (error) {
      if (error instanceof Error && 'type' in error && TOO_LARGE.has(String(error.type))) {
        throw new TooLargeError(`topic ${topic} takes no request of this size`, { cause: error });
      }
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

const TOO_LARGE: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

const FATAL: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
]);

/** What a broker takes in place of a password: a request signed by this process's role, which it sends to IAM. */
export async function iamToken(region: string): Promise<{ readonly value: string }> {
  return { value: (await generateAuthToken({ region })).token };
}

async function brokersOf(config: KafkaConfig): Promise<readonly string[]> {
  const { kafka: address, kafkaAuth } = config;
  if (address.kind === 'brokers') return address.brokers;
  const client = new KafkaClient({ region: regionOf(config) });
  const answer = await client.send(new GetBootstrapBrokersCommand({ ClusterArn: address.clusterArn }));
  const brokers = kafkaAuth === 'iam' ? answer.BootstrapBrokerStringSaslIam : answer.BootstrapBrokerString;
  if (!brokers) {
    throw new EnvironmentError(
      `MSK_CLUSTER_ARN: expected ${kafkaAuth === 'iam' ? 'IAM' : 'plaintext'} brokers of ${address.clusterArn}, got none: check KAFKA_AUTH against the cluster's client authentication`,
    );
  }
  return brokers.split(',');
}

/** The cluster's own region, else the process's. */
function regionOf({ kafka, awsRegion }: KafkaConfig): string {
  const region = (kafka.kind === 'msk' ? kafka.clusterArn.split(':')[3] : undefined) || awsRegion;
  if (region) return region;
  throw new EnvironmentError(
    'AWS_REGION: expected the region of the cluster, to sign for, got nothing: set it or name the cluster in MSK_CLUSTER_ARN',
  );
}

function kafkaLog(log: Log) {
  return () =>
    ({ level, log: entry }: { level: logLevel; log: { message: string; [key: string]: unknown } }) => {
      const facts = { reason: entry.message, error: entry['error'], broker: entry['broker'] };
      if (level === logLevel.ERROR) log.warn('kafka-client-error', facts);
      else log.info('kafka-client', facts);
    };
}
