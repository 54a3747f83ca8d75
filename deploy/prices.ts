/**
 * What AWS and Snowflake ask for, in USD. Every number is an estimate: list prices as they were known at `asOf`, none
 * of them asked of a price list by a program. Correct them here from the page that each group names, and set the date.
 */
export interface Price {
  readonly usd: number;
  /** What `usd` buys one of. */
  readonly per: string;
  readonly source: string;
  /** The same in every region, where the others are those of us-east-1 times the region's factor. */
  readonly isGlobal?: true;
}

export const PRICES_AS_OF = '2026-11-22';

/** The region whose list prices these are. */
export const PRICES_REGION = 'us-east-1';

/**
 * How much dearer a region is than us-east-1, over the services that this deployment uses most. Single services differ: in
 * Tokyo a NAT gateway is 38 % dearer, Fargate 25 %, and Lambda not at all.
 */
export const REGION_FACTORS: Readonly<Record<string, number>> = {
  'us-east-1': 1,
  'us-east-2': 1,
  'us-west-2': 1,
  'eu-west-1': 1.08,
  'eu-west-2': 1.15,
  'eu-central-1': 1.15,
  'ap-northeast-1': 1.25,
  'ap-northeast-2': 1.22,
  'ap-southeast-1': 1.22,
  'ap-southeast-2': 1.22,
};

const MSK = 'https://aws.amazon.com/msk/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const FARGATE = 'https://aws.amazon.com/fargate/pricing/';
const VPC = 'https://aws.amazon.com/vpc/pricing/';
const MWAA = 'https://aws.amazon.com/managed-workflows-for-apache-airflow/pricing/';
const AMP = 'https://aws.amazon.com/prometheus/pricing/';
const AMG = 'https://aws.amazon.com/grafana/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';

export const PRICES = {
  standardStorage: { usd: 0.1, per: 'GB-month', source: MSK },
  expressStorage: { usd: 0.1, per: 'GB-month', source: MSK },
  expressWritten: { usd: 0.01, per: 'GB', source: MSK },
  connectUnit: { usd: 0.11, per: 'unit-hour', source: MSK },

  poller: { usd: 0.185, per: 'poller-hour', source: LAMBDA },
  functionTime: { usd: 0.000_013_333_4, per: 'GB-second', source: LAMBDA, isGlobal: true },
  functionCall: { usd: 0.2, per: 'million calls', source: LAMBDA, isGlobal: true },

  fargateCpu: { usd: 0.032_38, per: 'vCPU-hour', source: FARGATE },
  fargateMemory: { usd: 0.003_56, per: 'GB-hour', source: FARGATE },

  natGateway: { usd: 0.045, per: 'hour', source: VPC },
  natTraffic: { usd: 0.045, per: 'GB', source: VPC },
  publicAddress: { usd: 0.005, per: 'hour', source: VPC, isGlobal: true },
  interfaceEndpoint: { usd: 0.01, per: 'endpoint-zone-hour', source: VPC },
  lookups: {
    usd: 0.6,
    per: 'million look-ups',
    source: 'https://aws.amazon.com/route53/pricing/',
    isGlobal: true,
  },
  trafficOut: { usd: 0.09, per: 'GB', source: 'https://aws.amazon.com/ec2/pricing/on-demand/' },
  trafficBetweenZones: { usd: 0.02, per: 'GB', source: 'https://aws.amazon.com/ec2/pricing/on-demand/' },

  samples: { usd: 0.9, per: '10 million samples', source: AMP, isGlobal: true },
  samplesStored: { usd: 0.03, per: 'GB-month', source: AMP, isGlobal: true },
  samplesQueried: { usd: 0.1, per: 'billion samples', source: AMP, isGlobal: true },
  grafanaEditor: { usd: 9, per: 'user-month', source: AMG, isGlobal: true },
  grafanaViewer: { usd: 5, per: 'user-month', source: AMG, isGlobal: true },

  airflowStorage: { usd: 0.1, per: 'GB-month', source: MWAA },

  key: { usd: 1, per: 'key-month', source: 'https://aws.amazon.com/kms/pricing/', isGlobal: true },
  secret: { usd: 0.4, per: 'secret-month', source: 'https://aws.amazon.com/secrets-manager/pricing/' },
  storage: { usd: 0.023, per: 'GB-month', source: 'https://aws.amazon.com/s3/pricing/' },
  logs: { usd: 0.5, per: 'GB', source: CLOUDWATCH },
  alarm: { usd: 0.1, per: 'alarm-month', source: CLOUDWATCH },
  metric: { usd: 0.3, per: 'metric-month', source: CLOUDWATCH },

  snowflakeCredit: {
    usd: 3,
    per: 'credit',
    source: 'https://www.snowflake.com/en/pricing-options/',
    isGlobal: true,
  },
  snowflakeStorage: {
    usd: 25,
    per: 'TB-month',
    source: 'https://www.snowflake.com/en/pricing-options/',
    isGlobal: true,
  },
} as const satisfies Readonly<Record<string, Price>>;

const LARGE_SIZES = {
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
  '4xlarge': 8,
  '8xlarge': 16,
  '12xlarge': 24,
  '16xlarge': 32,
};

/** Of a broker by its type, each hour; a size costs in proportion to its vCPUs. */
export const BROKERS: Readonly<Record<string, Price>> = Object.fromEntries([
  ['kafka.t3.small', brokerPrice(0.0456)],
  ...Object.entries({ ...LARGE_SIZES, '24xlarge': 48 }).map(([size, times]) => [
    `kafka.m5.${size}`,
    brokerPrice(0.21 * times),
  ]),
  ...Object.entries(LARGE_SIZES).map(([size, times]) => [`kafka.m7g.${size}`, brokerPrice(0.204 * times)]),
  ...Object.entries(LARGE_SIZES).map(([size, times]) => [`express.m7g.${size}`, brokerPrice(0.408 * times)]),
]);

function brokerPrice(usd: number): Price {
  return { usd, per: 'broker-hour', source: MSK };
}

/** Of an environment with one worker and the fewest schedulers and web servers, and of each further one. */
export const AIRFLOW_CLASSES: Readonly<
  Record<string, { readonly environment: Price; readonly further: Price }>
> = Object.fromEntries(
  Object.entries({
    'mw1.micro': [0.11, 0],
    'mw1.small': [0.49, 0.055],
    'mw1.medium': [0.74, 0.11],
    'mw1.large': [0.99, 0.22],
    'mw1.xlarge': [1.98, 0.44],
    'mw1.2xlarge': [3.96, 0.88],
  }).map(([name, [environment = 0, further = 0]]) => [
    name,
    {
      environment: { usd: environment, per: 'environment-hour', source: MWAA },
      further: { usd: further, per: 'worker-, scheduler- or web-server-hour', source: MWAA },
    },
  ]),
);
