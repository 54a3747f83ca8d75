import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IgnoreMode } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { KeptBucket } from '#lib/kept-bucket.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { acknowledgeDeploymentFunction, encryptVariables } from './deployment-function.ts';
import { functionRole } from '#lib/function-role.ts';
import { stageLog } from '#lib/stage-log.ts';

const ROOT = join(import.meta.dirname, '../..');

const DAGS_FOLDER = 'dags';
/** Of dbt's artifacts, and of the lock of its builds beside them. */
export const ARTIFACTS_FOLDER = 'artifacts';

/** What a run leaves behind, and what only a person who develops reads. */
const LEFT_OUT = {
  dags: ['__pycache__', '*.pyc'],
  dbt: [
    'target',
    'logs',
    'dbt_packages',
    '.user.yml',
    'README.md',
    'requirements.in',
    'dbt-bouncer.yml',
    '.sqlfluff*',
  ],
};

/** The bucket that Airflow reads its code from, and keeps dbt's artifacts in. */
export class AirflowFiles extends Construct {
  readonly bucket: s3.Bucket;
  readonly dagsFolder = DAGS_FOLDER;
  /** Both are named by what is in them: Airflow takes up another file under the same name only with its version. */
  readonly requirementsPath: string;
  readonly startupScriptPath: string;
  /** s3://bucket/prefix */
  readonly artifacts: string;

  constructor(
    scope: Construct,
    id: string,
    { stage, key }: { readonly stage: Stage; readonly key: kms.IKey },
  ) {
    super(scope, id);
    // versioned, or MWAA refuses it
    this.bucket = new KeptBucket(this, 'Kept', { stage, key, expiring: `${ARTIFACTS_FOLDER}/` }).bucket;
    this.artifacts = this.bucket.s3UrlForObject(ARTIFACTS_FOLDER);

    const requirements = contentNamed('requirements.txt');
    // it installs what dbt's lock file says, when a worker starts: so another lock file is another script
    const startupScript = contentNamed('startup.sh', join(ROOT, 'dbt/requirements.txt'));
    this.requirementsPath = requirements.path;
    this.startupScriptPath = startupScript.path;

    const logGroup = stageLog(this, 'DeploymentLogs', { stage, key });
    const role = functionRole(this, 'DeploymentRole', logGroup);
    const shared = { destinationBucket: this.bucket, role, logGroup, memoryLimit: 256 };
    new BucketDeployment(this, 'Pinned', {
      ...shared,
      sources: [requirements, startupScript].map(({ path, text }) => Source.data(path, text)),
      // an environment that is rolled back asks for the earlier ones
      prune: false,
    });
    // MWAA copies what changes in the folder to where tasks run, every half minute: no property has to change
    new BucketDeployment(this, 'Dags', {
      ...shared,
      sources: [
        Source.asset(join(ROOT, 'mwaa/dags'), { exclude: LEFT_OUT.dags, ignoreMode: IgnoreMode.GIT }),
      ],
      destinationKeyPrefix: DAGS_FOLDER,
      // of the other deployment, and not to be cleared away by this one
      exclude: ['dbt/*'],
    });
    // where startup.sh looks for dbt's lock file, and the operator for the project
    const dbt = new BucketDeployment(this, 'Dbt', {
      ...shared,
      sources: [Source.asset(join(ROOT, 'dbt'), { exclude: LEFT_OUT.dbt, ignoreMode: IgnoreMode.GIT })],
      destinationKeyPrefix: `${DAGS_FOLDER}/dbt`,
    });
    acknowledgeDeploymentFunction(role, dbt, this.bucket);
    encryptVariables(dbt, key);
  }

  /** Lets tasks keep artifacts, and the lock of dbt's builds beside them. */
  grantKeepArtifacts(grantee: iam.IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${ARTIFACTS_FOLDER}/*`)],
      }),
    );
  }
}

/** A file of mwaa/ by a name that changes with it, or with another file that it reads. */
function contentNamed(
  name: string,
  ...alsoRead: readonly string[]
): { readonly path: string; readonly text: string } {
  const text = readFileSync(join(ROOT, 'mwaa', name), 'utf8');
  const hash = createHash('sha256').update(text);
  for (const file of alsoRead) hash.update(readFileSync(file));
  return { path: `pinned/${hash.digest('hex').slice(0, 16)}/${name}`, text };
}
