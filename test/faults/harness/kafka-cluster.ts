import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, PartitionMetadata } from 'kafkajs';
import { newClusterId } from '#local/kafka/broker.ts';
import { askBroker } from '#local/kafka/ask-broker.ts';
import { startBroker } from '#local/kafka/start-broker.ts';
import type { RunningBroker } from '#local/kafka/start-broker.ts';
import { brokerAnswers } from '#local/kafka/topics.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { signalTo } from './process-faults.ts';
import type { FaultyProcess } from './process-faults.ts';
import { startTcpFaultProxy } from './tcp-fault-proxy.ts';
import type { TcpFaultProxy } from './tcp-fault-proxy.ts';

export interface KafkaNode extends FaultyProcess {
  readonly id: number;
  /** Of the process that stands in its place at that moment. */
  readonly pid: number;
  /** Between the product and this broker. */
  readonly link: TcpFaultProxy;
  /** SIGTERM and back, as a rolling update does. */
  restart(): Promise<void>;
  /** After a kill: on the same data. */
  startAgain(): Promise<void>;
}

export interface KafkaCluster extends AsyncDisposable {
  /** For the product: through the nodes' links. */
  readonly brokers: string;
  /** For whoever checks: no fault of a link stands between. */
  readonly direct: string;
  readonly nodes: readonly KafkaNode[];
  /** Which node leads each partition of a topic. */
  leadersOf(topic: string): Promise<readonly KafkaNode[]>;
  /** Resolves once every partition of the topic has all its replicas in sync. */
  untilInSync(topic: string): Promise<void>;
  /** With as many replicas as there are nodes, and kept for ever, as the candles' times may be months ago. */
  createTopics(partitions: Readonly<Record<string, number>>): Promise<void>;
}

type Settings = Readonly<Record<string, string | number | boolean>>;

/**
 * KRaft brokers on loopback, each behind a fault proxy; with three of them, replication as on MSK (3 replicas, 2 in sync).
 * `more` goes over their settings; the listener `LINK` is the product's.
 */
export async function startKafkaCluster(
  folder: string,
  size: 1 | 3 = 1,
  more: Settings = {},
): Promise<KafkaCluster> {
  await using stack = new AsyncDisposableStack();
  const ports = await freePorts(size * 4);
  const plans = Array.from({ length: size }, (_, index) => {
    const [direct = 0, behindLink = 0, controller = 0, link = 0] = ports.slice(index * 4, index * 4 + 4);
    return { id: index + 1, direct, behindLink, controller, link };
  });
  const voters = plans.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',');
  const clusterId = newClusterId();
  const nodes = await Promise.all(
    plans.map(async (plan) =>
      stack.use(await startNode(plan, { ...settings(plan, voters, size), ...more }, clusterId, folder)),
    ),
  );
  const direct = plans.map((plan) => `127.0.0.1:${plan.direct}`).join(',');
  await untilAllAnswer(direct, size);
  const owned = stack.move();
  return {
    brokers: plans.map((plan) => `127.0.0.1:${plan.link}`).join(','),
    direct,
    nodes,
    leadersOf: async (topic) => {
      const partitions = await partitionsOf(direct, topic);
      return partitions.flatMap(({ leader }) => nodes.filter(({ id }) => id === leader));
    },
    untilInSync: async (topic) => {
      for (; ; await delay(200)) {
        const partitions = await partitionsOf(direct, topic).catch(() => []);
        if (partitions.length > 0 && partitions.every(({ isr }) => isr.length === size)) return;
      }
    },
    createTopics: async (partitions) =>
      askBroker(direct, async (admin) => {
        const topics = Object.entries(partitions).map(([topic, numPartitions]) => ({
          topic,
          numPartitions,
          replicationFactor: size,
          configEntries: [{ name: 'retention.ms', value: '-1' }],
        }));
        await admin.createTopics({ topics, waitForLeaders: false });
        await untilLed(admin, Object.keys(partitions));
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface NodePlan {
  readonly id: number;
  readonly direct: number;
  readonly behindLink: number;
  readonly controller: number;
  readonly link: number;
}

function settings({ id, direct, behindLink, controller, link }: NodePlan, voters: string, size: number) {
  return {
    'node.id': id,
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${direct},LINK://127.0.0.1:${behindLink},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${direct},LINK://127.0.0.1:${link}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,LINK:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'offsets.topic.replication.factor': size,
    'transaction.state.log.replication.factor': size,
    'min.insync.replicas': size === 1 ? 1 : 2,
    // One that was killed is replaced as leader within seconds, as on MSK.
    'broker.session.timeout.ms': 6000,
    'controlled.shutdown.enable': true,
  };
}

async function startNode(
  plan: NodePlan,
  nodeSettings: Settings,
  clusterId: string,
  folder: string,
): Promise<KafkaNode & AsyncDisposable> {
  const link = await startTcpFaultProxy(plan.behindLink, plan.link);
  const start = async () =>
    startBroker({
      port: plan.direct,
      controllerPort: plan.controller,
      dataDir: `${folder}/kafka-${plan.id}`,
      logFile: `${folder}/kafka-${plan.id}.log`,
      settings: nodeSettings,
      clusterId,
    });
  let running: RunningBroker = await start();
  return {
    id: plan.id,
    get pid() {
      return running.pid;
    },
    link,
    ...signalTo(() => running),
    restart: async () => {
      await running.stop('SIGTERM');
      running = await start();
    },
    startAgain: async () => {
      running = await start();
    },
    [Symbol.asyncDispose]: async () => {
      running.kill('SIGCONT');
      await running.stop('SIGKILL');
      await link[Symbol.asyncDispose]();
    },
  };
}

async function partitionsOf(direct: string, topic: string): Promise<readonly PartitionMetadata[]> {
  const { topics } = await askBroker(direct, async (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics.flatMap(({ partitions }) => partitions);
}

async function untilAllAnswer(direct: string, size: number): Promise<void> {
  for (; ; await delay(200)) {
    if (!(await brokerAnswers(direct))) continue;
    const { brokers } = await askBroker(direct, async (admin) => admin.describeCluster());
    if (brokers.length === size) return;
  }
}

/** A topic that was just made is unknown to a broker for a moment, which the client's own wait takes for an error. */
async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  for (; ; await delay(100)) {
    const known = await admin.fetchTopicMetadata({ topics }).catch(() => undefined);
    const partitions = known?.topics.flatMap((topic) => topic.partitions) ?? [];
    if (partitions.length > 0 && partitions.every(({ leader }) => leader > 0)) return;
  }
}
