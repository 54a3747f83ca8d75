import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CONNECT_JARS_FOLDER, CONNECTOR_JARS_FOLDER } from '#local/setup/folders.ts';
import { javaPath } from '#local/setup/prerequisites.ts';
import { writeZip } from './write-zip.ts';

export interface WorkerOptions {
  /** REST, on 127.0.0.1. */
  readonly port: number;
  /** As KAFKA_BROKERS has it. */
  readonly brokers: string;
  /** Gets the worker's configuration and the plugin as it is loaded. */
  readonly folder: string;
}

/** What `${directory:<folder>:<file>}` in a connector's configuration is resolved by: the file's content. */
export const SECRETS_PROVIDER = 'directory';

/** Writes what a distributed worker reads, and returns the command that runs it. */
export async function prepareWorker(options: WorkerOptions): Promise<readonly [string, ...string[]]> {
  const plugins = join(options.folder, 'plugins');
  const configFile = join(options.folder, 'worker.properties');
  await providePlugin(join(plugins, basename(CONNECTOR_JARS_FOLDER)));
  await writeFile(configFile, configuration(options, plugins));
  const logging = ['defaultLogLevel=info', 'showDateTime=true', 'dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS'];
  return [
    javaPath(),
    '-Xms64m',
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '-XX:+ExitOnOutOfMemoryError',
    ...[...logging, ...QUIET].map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`),
    '-cp',
    join(CONNECT_JARS_FOLDER, '*'),
    'org.apache.kafka.connect.cli.ConnectDistributed',
    configFile,
  ];
}

/** A line a request is too much where the worker is asked every two seconds. */
const QUIET = ['log.org.apache.kafka.connect.runtime.rest.RestServer=warn'];

/** MSK Connect's worker where one machine can have it. */
function configuration({ port, brokers }: WorkerOptions, plugins: string): string {
  // After kill -9 the group waits for the worker that is gone: the least that the broker allows.
  const session = { 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 2000 };
  const settings = {
    'bootstrap.servers': brokers,
    'group.id': 'connect-workers',
    listeners: `http://127.0.0.1:${port}`,
    'rest.advertised.host.name': '127.0.0.1',
    'plugin.path': plugins,
    'plugin.discovery': 'service_load',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    ...internalTopic('config'),
    ...internalTopic('offset'),
    ...internalTopic('status'),
    'offset.storage.partitions': 1,
    'status.storage.partitions': 1,
    'offset.flush.interval.ms': 2000,
    'scheduled.rebalance.max.delay.ms': 0,
    ...session,
    ...Object.fromEntries(Object.entries(session).map(([name, value]) => [`consumer.${name}`, value])),
    'config.providers': SECRETS_PROVIDER,
    [`config.providers.${SECRETS_PROVIDER}.class`]:
      'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function internalTopic(name: string): Readonly<Record<string, unknown>> {
  return { [`${name}.storage.topic`]: `connect-${name}`, [`${name}.storage.replication.factor`]: 1 };
}

/**
 * The plugin's jars, and beside them one that names the connector: the connector's own jar does not, and looking through all
 * of its classes for it takes the worker 8 s and 560 MB more.
 */
async function providePlugin(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(CONNECTOR_JARS_FOLDER)) {
    await symlink(join(CONNECTOR_JARS_FOLDER, name), join(folder, name));
  }
  const manifest = 'com.snowflake.kafka.connector.SnowflakeSinkConnector\n';
  await writeZip(join(folder, 'service-manifest.jar'), [
    {
      name: 'META-INF/services/org.apache.kafka.connect.sink.SinkConnector',
      read: () => Promise.resolve(Buffer.from(manifest)),
    },
  ]);
}
