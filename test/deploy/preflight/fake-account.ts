import { text } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer } from '#test/http-server.ts';
import type { HttpServer } from '#test/http-server.ts';

/** What an AWS account, and the Snowflake and exchange beside it, are asked and answer. */
export interface FakeAccount {
  readonly account: string;
  /** Public parameters and those of the account, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly zones: readonly string[];
  /** Tags of each; empty for one of somebody else. */
  readonly vpcs: readonly Tags[];
  readonly addresses: readonly Tags[];
  readonly clusters: readonly { readonly name: string; readonly brokers: number }[];
  readonly workspaces: readonly Tags[];
  readonly kafkaVersions: Readonly<Record<string, string>>;
  readonly grafanaVersions: readonly string[];
  /** By code; what is absent is asked for among the defaults. */
  readonly quotas: Readonly<Record<string, number>>;
  readonly defaultQuotas: Readonly<Record<string, number>>;
  readonly identityCenters: readonly string[];
  readonly secrets: Readonly<Record<string, string>>;
  /** Actions that the credentials may not call. */
  readonly denied: readonly string[];
  /** The role that Snowflake gives, or why it lets nobody in. */
  readonly snowflake: { readonly role: string } | { readonly refusal: string };
}

type Tags = Readonly<Record<string, string>>;

/** One server for every service: which is meant shows in the request, as AWS's own protocols have it. */
export async function startFakeAccount(fake: FakeAccount): Promise<HttpServer> {
  return startHttpServer((request, response) => {
    void answer(fake, request, response);
  });
}

async function answer(fake: FakeAccount, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const target = request.headers['x-amz-target'];
  if (pathname.startsWith('/session') || pathname.startsWith('/queries')) {
    send(response, 200, JSON.stringify(snowflakeAnswer(fake, pathname)));
  } else if (typeof target === 'string') {
    const action = target.slice(target.indexOf('.') + 1);
    const found = fake.denied.includes(action)
      ? refusal('AccessDeniedException')
      : jsonAnswer(fake, action, JSON.parse(body) as Record<string, unknown>); // an object, by AWS's protocol
    send(response, '__type' in found ? 400 : 200, JSON.stringify(found));
  } else if (pathname === '/') {
    send(response, 200, xmlAnswer(fake, new URLSearchParams(body).get('Action') ?? ''), 'text/xml');
  } else {
    const found = restAnswer(fake, pathname);
    send(response, found === undefined ? 404 : 200, JSON.stringify(found ?? {}));
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

const refusal = (type: string) => ({ __type: type, message: `${type}, says the fake` });

function jsonAnswer(
  fake: FakeAccount,
  action: string,
  asked: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const parameter = (name: unknown) => {
    const value = fake.parameters[String(name)];
    return value === undefined ? undefined : { Name: name, Value: value, Type: 'String' };
  };
  switch (action) {
    case 'GetParameter': {
      const found = parameter(asked['Name']);
      return found ? { Parameter: found } : refusal('ParameterNotFound');
    }
    case 'GetParameters': {
      const names = asked['Names'] as readonly string[]; // of the API
      if (names.length > 10) return refusal('ValidationException');
      return { Parameters: names.flatMap((name) => parameter(name) ?? []) };
    }
    case 'GetServiceQuota':
      return quota(fake.quotas, asked['QuotaCode']);
    case 'GetAWSDefaultServiceQuota':
      return quota(fake.defaultQuotas, asked['QuotaCode']);
    case 'ListInstances':
      return { Instances: fake.identityCenters.map((InstanceArn) => ({ InstanceArn })) };
    case 'GetSecretValue': {
      const secret = fake.secrets[String(asked['SecretId'])];
      return secret === undefined ? refusal('ResourceNotFoundException') : { SecretString: secret };
    }
    default:
      return refusal('UnknownOperationException');
  }
}

function quota(quotas: Readonly<Record<string, number>>, code: unknown) {
  const value = quotas[String(code)];
  return value === undefined
    ? refusal('NoSuchResourceException')
    : { Quota: { QuotaCode: code, Value: value } };
}

function xmlAnswer(fake: FakeAccount, action: string): string {
  switch (action) {
    case 'GetCallerIdentity':
      return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${fake.account}:user/deployer</Arn><UserId>A</UserId><Account>${fake.account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    case 'DescribeAvailabilityZones':
      return ec2(
        action,
        'availabilityZoneInfo',
        fake.zones.map((zone) => `<zoneName>${zone}</zoneName><zoneState>available</zoneState>`),
      );
    case 'DescribeVpcs':
      return ec2(action, 'vpcSet', fake.vpcs.map(tagSet));
    case 'DescribeAddresses':
      return ec2(action, 'addressesSet', fake.addresses.map(tagSet));
    default:
      return '<Response><Errors><Error><Code>InvalidAction</Code></Error></Errors></Response>';
  }
}

function ec2(action: string, list: string, items: readonly string[]): string {
  const all = items.map((item) => `<item>${item}</item>`).join('');
  return `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><${list}>${all}</${list}></${action}Response>`;
}

function tagSet(tags: Tags): string {
  const items = Object.entries(tags).map(
    ([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`,
  );
  return `<tagSet>${items.join('')}</tagSet>`;
}

function restAnswer(fake: FakeAccount, pathname: string): unknown {
  switch (pathname) {
    case '/v1/kafka-versions':
      return {
        kafkaVersions: Object.entries(fake.kafkaVersions).map(([version, status]) => ({ version, status })),
      };
    case '/api/v2/clusters':
      return {
        clusterInfoList: fake.clusters.map(({ name, brokers }) => ({
          clusterName: name,
          clusterType: 'PROVISIONED',
          provisioned: { numberOfBrokerNodes: brokers },
        })),
      };
    case '/versions':
      return { grafanaVersions: fake.grafanaVersions };
    case '/workspaces':
      return { workspaces: fake.workspaces.map((tags) => ({ id: 'g-0', tags })) };
    default:
      return undefined;
  }
}

/** As Snowflake's drivers are answered; a session is closed without an answer of interest. */
function snowflakeAnswer({ snowflake }: FakeAccount, pathname: string): unknown {
  if ('refusal' in snowflake) return { success: false, code: '390144', message: snowflake.refusal, data: {} };
  if (!pathname.startsWith('/queries')) {
    return {
      success: true,
      data: {
        token: 't',
        masterToken: 'm',
        validityInSeconds: 3600,
        masterValidityInSeconds: 3600,
        parameters: [],
        sessionInfo: {},
      },
    };
  }
  const column = { type: 'text', length: 100, byteLength: 400, nullable: true, scale: null, precision: null };
  return {
    success: true,
    data: {
      queryId: '1',
      sqlState: '00000',
      parameters: [],
      rowtype: ['ROLE', 'REGION'].map((name) => ({ name, ...column })),
      rowset: [[snowflake.role, 'AWS_AP_NORTHEAST_1']],
      total: 1,
      returned: 1,
      queryResultFormat: 'json',
    },
  };
}
