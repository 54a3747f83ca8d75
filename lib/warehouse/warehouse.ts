import { Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { Network } from '#lib/network/network.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';
import { alarmOnConnector } from './connector-alarms.ts';
import { Connector } from './connector.ts';
import { keySecret } from './key-secret.ts';
import { SnowflakeSetup } from './snowflake-setup.ts';
import { LANDING, SERVICE_USERS } from './service-user.ts';
import type { ClientEnvironment, WarehouseUser } from './service-user.ts';

export interface WarehouseProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** Snowflake as the pipeline uses it: its objects, its service users' keys, and the connector that lands the candles. */
export class Warehouse extends Construct {
  /** Of each service user: the private key, PKCS8 in base64 without header lines, and nothing else. */
  readonly keys: Readonly<Record<WarehouseUser, Pick<ISecret, 'secretArn'>>>;
  /** Of MSK Connect; another one with each change of its settings. */
  readonly connectorName: string;
  readonly #stage: Stage;
  readonly #key: kms.IKey;

  constructor(scope: Construct, id: string, { stage, network, stream, key, alarms }: WarehouseProps) {
    super(scope, id);
    this.#stage = stage;
    this.#key = key;
    const secrets = {
      loader: keySecret(this, 'LoaderKey', { user: 'loader', stage, key }),
      transformer: keySecret(this, 'TransformerKey', { user: 'transformer', stage, key }),
      reader: keySecret(this, 'ReaderKey', { user: 'reader', stage, key }),
    };
    this.keys = secrets;
    // A new cluster has another UUID, and its topics begin anew: so it is a new epoch without anybody's remembering.
    const clusterUuid = Fn.select(2, Fn.split('/', stream.clusterArn));
    const epoch = Fn.select(0, Fn.split('-', clusterUuid));
    const setup = new SnowflakeSetup(this, 'Setup', { stage, network, key, secrets, epoch });
    const connector = new Connector(this, 'Connector', {
      stage,
      network,
      stream,
      key,
      epoch,
      secretArn: secrets.loader.secretArn,
      // its table and its key have to be there, and of an epoch before it nothing may be known any more
      after: setup,
    });
    this.grantKey('loader', connector.role);
    this.connectorName = connector.name;
    alarmOnConnector(connector, { connector, stage, stream, alarms });
  }

  /** The variables of a program that works as this user; its role needs `grantKey` besides. */
  environmentOf(user: WarehouseUser): ClientEnvironment {
    const { user: name, role, warehouse } = SERVICE_USERS[user];
    return {
      SNOWFLAKE_ACCOUNT: this.#stage.snowflakeAccount,
      SNOWFLAKE_USER: name,
      SNOWFLAKE_PRIVATE_KEY_SECRET_ARN: this.keys[user].secretArn,
      SNOWFLAKE_ROLE: role,
      SNOWFLAKE_WAREHOUSE: warehouse,
      SNOWFLAKE_DATABASE: LANDING.database,
    };
  }

  /** Lets a program log in to Snowflake as this user. */
  grantKey(user: WarehouseUser, grantee: iam.IGrantable): void {
    const { region } = Stack.of(this);
    const allow = (statement: iam.PolicyStatementProps) =>
      grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement(statement));
    allow({ actions: ['secretsmanager:GetSecretValue'], resources: [this.keys[user].secretArn] });
    // The secret's own grantRead would name the grantee in the policy of the key, whose stack the grantee's stands on.
    allow({
      actions: ['kms:Decrypt'],
      resources: [this.#key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
    });
  }
}
