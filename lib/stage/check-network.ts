import { holds, within } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

/**
 * Where every service of ours is to be had; Managed Grafana has the shortest list.
 * https://docs.aws.amazon.com/general/latest/gr/grafana-service.html
 */
const REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'us-east-1',
  'us-east-2',
  'us-west-2',
];

/** Of VPCs, by the length of the prefix: 65,536 to 1,024 addresses, the least that give each subnet a hundred. */
const PREFIX_LENGTHS = [16, 22] as const;

export function checkPlace({ region, zones }: Pick<StageSettings, 'region' | 'zones'>): readonly Problem[] {
  return [
    ...holds(
      REGIONS.includes(region),
      'region',
      `a region with all the services: ${REGIONS.join(', ')}`,
      region,
    ),
    ...zones.flatMap((zone, index) =>
      holds(
        zone.slice(0, -1) === region && /[a-z]$/.test(zone),
        `zones.${index}`,
        `a zone of ${region}, as ${region}a`,
        zone,
        '`aws ec2 describe-availability-zones` lists those of the account',
      ),
    ),
    ...holds(
      new Set(zones).size === zones.length,
      'zones',
      'each zone once',
      zones,
      'two subnets in one zone fail together',
    ),
    ...within('zones.length', zones.length, [2, 3], 'MSK and MWAA take no fewer, MSK no more'),
  ];
}

export function checkNetwork({
  zones,
  network,
}: Pick<StageSettings, 'zones' | 'network'>): readonly Problem[] {
  return [
    ...checkCidr(network.cidr),
    ...within(
      'network.natGateways',
      network.natGateways,
      [1, zones.length],
      'the exporter reaches the exchange through one, and more than one for each zone has nothing to do',
    ),
  ];
}

function checkCidr(cidr: string): readonly Problem[] {
  const field = 'network.cidr';
  const [, a, b, c, d, prefix] = (/^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr) ?? []).map(Number);
  if (a === undefined || b === undefined || c === undefined || d === undefined || prefix === undefined) {
    return holds(false, field, 'a network as 10.40.0.0/20', cidr);
  }
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31 && b !== 17) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b <= 127);
  return [
    ...holds(
      [a, b, c, d].every((octet) => octet <= 255) && isPrivate,
      field,
      'a private network (10.…, 172.16.… to 172.31.…, 192.168.…, 100.64.…), but not 172.17.…',
      cidr,
      'MWAA takes no public addresses, and AWS services use 172.17 inside of their hosts',
    ),
    ...holds(
      prefix >= PREFIX_LENGTHS[0] && prefix <= PREFIX_LENGTHS[1],
      field,
      `a prefix from /${PREFIX_LENGTHS[0]} to /${PREFIX_LENGTHS[1]}`,
      cidr,
      'workers, functions and endpoints each take addresses, and a VPC can not be made larger',
    ),
    ...holds(
      address % 2 ** (32 - prefix) === 0,
      field,
      `the first address of a /${prefix}`,
      cidr,
      'set the bits after the prefix to 0',
    ),
  ];
}
