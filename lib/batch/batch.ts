import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { ArchiveLoaderTask } from '#lib/archive-loader/archive-loader-task.ts';
import type { PipelineImage } from '#lib/image/pipeline-image.ts';
import type { QualityExporter } from '#lib/metrics/quality-exporter.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Warehouse } from '#lib/warehouse/warehouse.ts';
import { alarmOnAirflow } from './airflow-alarms.ts';
import { AirflowEnvironment } from './airflow-environment.ts';
import { AirflowFiles } from './airflow-files.ts';
import { airflowOptions } from './airflow-options.ts';
import { executionRole } from './execution-role.ts';

export interface BatchProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly warehouse: Warehouse;
  readonly qualityExporter: QualityExporter;
  /** Where the archive loader's task runs. */
  readonly cluster: ecs.ICluster;
  readonly image: PipelineImage;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** Airflow, what it runs, and what it is allowed. */
export class Batch extends Construct {
  readonly environmentName: string;
  readonly webUrl: string;
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: BatchProps) {
    super(scope, id);
    const { stage, network, warehouse, qualityExporter, cluster, image, key, alarms } = props;
    this.environmentName = `crypto-market-${stage.name}`;
    const files = new AirflowFiles(this, 'Files', { stage, key });
    const role = executionRole(this, 'ExecutionRole', {
      environmentName: this.environmentName,
      bucket: files.bucket,
      key,
    });
    files.grantKeepArtifacts(role);
    const loader = new ArchiveLoaderTask(this, 'ArchiveLoader', {
      stage,
      network,
      warehouse,
      cluster,
      image,
      key,
    });
    loader.grantRun(role);
    warehouse.grantKey('transformer', role);
    qualityExporter.function.grantInvokeLatestVersion(role);
    alarms.topic.grantPublish(role);
    const environment = new AirflowEnvironment(this, 'Airflow', {
      stage,
      name: this.environmentName,
      network,
      files,
      role,
      key,
      options: airflowOptions({
        files,
        warehouse,
        loader: loader.options(network),
        alarms,
        qualityExporterName: qualityExporter.function.functionName,
      }),
    });
    alarmOnAirflow(this, this.environmentName, alarms);
    this.webUrl = environment.webUrl;
    this.bucketName = files.bucket.bucketName;
  }
}
