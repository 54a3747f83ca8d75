import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Warehouse } from '#lib/warehouse/warehouse.ts';
import type { AirflowFiles } from './airflow-files.ts';

export interface AirflowOptionsProps {
  readonly files: AirflowFiles;
  readonly warehouse: Warehouse;
  /** How the archive loader is run. */
  readonly loader: Readonly<Record<string, string>>;
  readonly alarms: AlarmTopic;
  readonly qualityExporterName: string;
}

/** Airflow's configuration, as section.option; those of `crypto` are read by mwaa/dags/crypto_pipeline. */
export function airflowOptions(props: AirflowOptionsProps): Readonly<Record<string, string>> {
  const { files, warehouse, loader, alarms, qualityExporterName } = props;
  return {
    // a new deployment starts by itself
    'core.dags_are_paused_at_creation': 'False',
    'core.load_examples': 'False',
    ...inSection('crypto', {
      runner: 'aws',
      artifacts: files.artifacts,
      alert_topic_arn: alarms.topic.topicArn,
      quality_exporter_function: qualityExporterName,
      ...loader,
      transformer_secret: warehouse.keys.transformer.secretArn,
      ...snowflakeOptions(warehouse.environmentOf('transformer')),
    }),
  };
}

/** SNOWFLAKE_USER is the option snowflake_user. Where the key lies has an option of its own. */
function snowflakeOptions(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => !name.startsWith('SNOWFLAKE_PRIVATE_KEY'))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function inSection(
  section: string,
  options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`${section}.${name}`, value]));
}
