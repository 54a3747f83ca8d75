import { basename, dirname, join } from 'node:path';
import { beginSink } from '#local/connect/begin-sink.ts';
import { localSink } from '#local/connect/local-sink.ts';
import { watchSink } from '#local/connect/sink-health.ts';
import { epochOf } from '#local/connect/sink-topics.ts';
import { prepareWorker } from '#local/connect/worker.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Part } from '#local/supervisor/part.ts';
import { brokersOf, dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

/** Stands in for MSK Connect: a worker of the same version, with the same plugin and configuration. */
export function connectPart(options: RunOptions): Part {
  const [url, brokers] = [urlOf(options, 'connect'), brokersOf(options)];
  const healthOf = watchSink(url, brokers);
  let hasBegun = false;
  const sink = async () => {
    const { privateKeyFile } = keyPairIn(options.folder);
    return localSink({
      epoch: await epochOf(brokers),
      warehouseUrl: urlOf(options, 'warehouse'),
      privateKey: { folder: dirname(privateKeyFile), file: basename(privateKeyFile) },
    });
  };
  return {
    name: 'connect',
    half: 'batch',
    dependsOn: ['kafka', 'warehouse'],
    ports: [portOf(options, 'connect')],
    url,
    prepare: async () => {
      hasBegun = false;
      const folder = join(dataFolder(options), 'connect');
      return { command: await prepareWorker({ port: portOf(options, 'connect'), brokers, folder }) };
    },
    check: async () => {
      const { status } = await ask(`${url}/connectors`);
      if (status !== 200) return { kind: 'down', detail: `/connectors answers ${status}` };
      return hasBegun ? healthOf(await sink()) : { kind: 'waiting', detail: 'the sink is not there yet' };
    },
    onceUp: async () => {
      await using warehouse = await connectAs(options, 'loader');
      await beginSink(url, await sink(), (sql) => warehouse.execute(sql));
      hasBegun = true;
    },
    startTimeoutMs: 120_000,
  };
}
