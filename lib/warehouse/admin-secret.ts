import { Arn, ArnFormat } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { Stage } from '#lib/stage/stage.ts';

/** Made by hand before the first deployment: as whom Snowflake is set up. JSON of user, privateKey and, optionally, role. */
export function adminSecretName({ name }: Pick<Stage, 'name'>): string {
  return `crypto-market-${name}/snowflake-admin`;
}

/** Secrets Manager ends the name with six characters of its own, which are not known before. */
export function adminSecretArn(stage: Pick<Stage, 'name'>, stack: Stack): string {
  return Arn.format(
    {
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${adminSecretName(stage)}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    stack,
  );
}
