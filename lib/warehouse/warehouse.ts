import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';

export interface WarehouseProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

export type WarehouseUser = 'loader' | 'transformer' | 'reader';

/** Snowflake as the pipeline uses it: its objects, its service users' keys, and the connector that lands the candles. */
export class Warehouse extends Construct {
  /** Of each service user: the private key, PKCS8 in base64 without header lines, and nothing else. */
  readonly keys: Readonly<Record<WarehouseUser, secrets.ISecret>>;

  constructor(scope: Construct, id: string, _props: WarehouseProps) {
    super(scope, id);
    const secret = (name: string) => new secrets.Secret(this, name);
    this.keys = {
      loader: secret('LoaderKey'),
      transformer: secret('TransformerKey'),
      reader: secret('ReaderKey'),
    };
  }

  /** The variables SNOWFLAKE_* of a program that works as this user; its role may then read the key. */
  environmentOf(_user: WarehouseUser): Readonly<Record<string, string>> {
    return {};
  }
}
