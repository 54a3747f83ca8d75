import { join } from 'node:path';
import * as z from 'zod';
import { prepareAirflow } from '#local/airflow/prepare-airflow.ts';
import type { AirflowOptions } from '#local/airflow/prepare-airflow.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Health, Part } from '#local/supervisor/part.ts';
import { dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

export function airflowPart(options: RunOptions): Part {
  const url = urlOf(options, 'airflow');
  const data = dataFolder(options);
  return {
    name: 'airflow',
    half: 'batch',
    // not on Connect: history is loaded and healed without it too
    dependsOn: ['warehouse'],
    ports: [portOf(options, 'airflow')],
    url,
    prepare: async () => ({
      command: await prepareAirflow({
        port: portOf(options, 'airflow'),
        home: join(data, 'airflow'),
        dbtFolder: join(data, 'dbt'),
        artifactsFolder: join(data, 'dbt-artifacts'),
        environments: environments(options),
      }),
    }),
    check: async () => {
      const { status, body } = await ask(`${url}/api/v2/monitor/health`);
      return status === 200 ? healthOf(body) : { kind: 'down', detail: `its health page answers ${status}` };
    },
    // the first time it makes its database
    startTimeoutMs: 180_000,
    // its tasks get 5 s, then it ends itself
    stopTimeoutMs: 15_000,
  };
}

/** The API server answers before the two that do the work have begun. */
function healthOf(body: string): Health {
  const { scheduler, dag_processor } = healthSchema.parse(JSON.parse(body));
  const absent = [
    ...(scheduler.status === 'healthy' ? [] : ['scheduler']),
    ...(dag_processor.status === 'healthy' ? [] : ['DAG processor']),
  ];
  if (absent.length === 0) return { kind: 'ready' };
  return { kind: 'waiting', detail: `no sign of life from its ${absent.join(' and its ')}` };
}

const componentSchema = z.object({ status: z.string().nullable() });
const healthSchema = z.object({ scheduler: componentSchema, dag_processor: componentSchema });

function environments(options: RunOptions): AirflowOptions['environments'] {
  const exchange = urlOf(options, 'exchange');
  return {
    dbt: warehouseEnvironment(options, 'transformer'),
    'archive-loader': {
      ...warehouseEnvironment(options, 'loader'),
      ...(options.source === 'replay' ? { BINANCE_REST_URLS: exchange, ARCHIVE_URL: exchange } : {}),
    },
    'quality-exporter': {
      ...warehouseEnvironment(options, 'reader'),
      REMOTE_WRITE_URL: `${urlOf(options, 'prometheus')}/api/v1/write`,
      REMOTE_WRITE_AUTH: 'none',
    },
  };
}
