import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';
import type { WarehouseUser } from './service-user.ts';

/**
 * Where a service user's private key lies. Made empty: the function that sets Snowflake up puts a key in, once Snowflake
 * knows its public half, so no template and no property ever has one.
 */
export function keySecret(
  scope: Construct,
  id: string,
  { user, stage, key }: { readonly user: WarehouseUser; readonly stage: Stage; readonly key: kms.IKey },
): secrets.Secret {
  const secret = new secrets.Secret(scope, id, {
    description: `Private key of Snowflake's service user ${user}: PKCS8 in base64, in one line`,
    encryptionKey: key,
    removalPolicy: stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  // Without it, the construct would have Secrets Manager make a password up, which is no key.
  const { defaultChild } = secret.node;
  if (defaultChild instanceof secrets.CfnSecret) defaultChild.generateSecretString = undefined;
  for (const rule of ['AwsSolutions-SMG4', 'NIST.800.53.R5-SecretsManagerRotationEnabled']) {
    Validations.of(secret).acknowledge({
      id: rule,
      reason:
        'a key is rotated by raising its generation in lib/stages.ts and deploying: Snowflake has to know the new public key before, which a schedule could not wait for',
    });
  }
  return secret;
}
