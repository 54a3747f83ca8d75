import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KAFKA_JARS_FOLDER } from '#local/setup/folders.ts';
import { javaPath } from '#local/setup/prerequisites.ts';
import { runCommand } from '#local/setup/run-command.ts';

export interface BrokerOptions {
  readonly port: number;
  readonly controllerPort: number;
  /** Made and formatted when it is not there yet; a broker that starts on it again continues. */
  readonly dataDir: string;
  /** Over those of a single node, for one that is part of a cluster or listens elsewhere too. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** The same for all of one cluster, 22 characters. @default a new one */
  readonly clusterId?: string;
}

/** Formats the data folder if that was not done before, and returns the command that runs the broker on it. */
export async function prepareBroker(options: BrokerOptions): Promise<readonly [string, ...string[]]> {
  const configFile = join(dirname(options.dataDir), `${basename(options.dataDir)}.properties`);
  await mkdir(dirname(options.dataDir), { recursive: true });
  if (!(await isFormatted(options.dataDir))) await format(options, configFile);
  await writeFile(configFile, configuration(options, options.dataDir));
  return java(
    ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
    ['kafka.Kafka', configFile],
  );
}

/** A single KRaft node on loopback, with MSK's settings where one node can have them. */
function configuration({ port, controllerPort, settings }: BrokerOptions, dataDir: string): string {
  const all = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDir,
    'auto.create.topics.enable': false,
    'unclean.leader.election.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,
    'log.segment.bytes': 64 * 1024 * 1024,
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function isFormatted(dataDir: string): Promise<boolean> {
  try {
    await access(join(dataDir, 'meta.properties'));
    return true;
  } catch {
    return false;
  }
}

/** Formats beside the data folder and renames, so that an interrupted format is done anew. */
async function format(options: BrokerOptions, configFile: string): Promise<void> {
  const folder = await mkdtemp(`${options.dataDir}-formatting-`);
  try {
    await writeFile(configFile, configuration(options, folder));
    const [command, ...args] = java(
      ['-XX:TieredStopAtLevel=1'],
      [
        'kafka.tools.StorageTool',
        'format',
        '--cluster-id',
        options.clusterId ?? newClusterId(),
        '--config',
        configFile,
      ],
    );
    await runCommand(command, args);
    await rm(options.dataDir, { recursive: true, force: true });
    await rename(folder, options.dataDir);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** 16 random bytes as Kafka writes them; a leading dash would be read as an option. */
export function newClusterId(): string {
  return `A${randomBytes(16).toString('base64url').slice(1, 22)}`;
}

function java(jvm: readonly string[], main: readonly string[]): readonly [string, ...string[]] {
  const logging = ['defaultLogLevel=info', 'showDateTime=true', 'dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS'];
  return [
    javaPath(),
    ...jvm,
    ...logging.map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`),
    '-cp',
    join(KAFKA_JARS_FOLDER, '*'),
    ...main,
  ];
}
