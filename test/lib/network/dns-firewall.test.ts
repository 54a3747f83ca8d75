import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { parseEnvironment as loaderConfig } from '#fargate/archive-loader/env.ts';
import { parseEnvironment as exporterConfig } from '#fargate/ohlc-exporter/env.ts';
import { allowedNames } from '#lib/network/allowed-names.ts';
import { synthesize } from '#test/lib/synth.ts';

const PLACE = { region: 'ap-northeast-1', snowflakeAccount: 'EXAMPLEORG-EXAMPLEACCOUNT' };

test('names that are allowed are answered, and after them every other is refused', () => {
  const template = synthesize('dev').template('foundation');
  const [rules] = Object.values(template.findResources('AWS::Route53Resolver::FirewallRuleGroup'));
  const inOrder = (rules?.['Properties'].FirewallRules ?? []).toSorted(
    (a: Rule, b: Rule) => a.Priority - b.Priority,
  );
  expect(inOrder.map(({ Action }: Rule) => Action)).toEqual(['ALLOW', 'ALLOW', 'ALLOW', 'ALLOW', 'BLOCK']);
  const lists = template.findResources('AWS::Route53Resolver::FirewallDomainList');
  const domainsOf = ({ FirewallDomainListId }: Rule) =>
    lists[FirewallDomainListId['Fn::GetAtt'][0]]?.['Properties'].Domains;
  expect(inOrder.map(domainsOf)).toEqual([...Object.values(allowedNames(PLACE)), ['*']]);
  expect(() =>
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', {
      FirewallRuleGroupId: Match.anyValue(),
      VpcId: { Ref: Match.stringLikeRegexp('^NetworkVpc') },
    }),
  ).not.toThrow();
});

interface Rule {
  readonly Action: string;
  readonly Priority: number;
  readonly FirewallDomainListId: { readonly 'Fn::GetAtt': readonly [string, string] };
}

test('every host is allowed that the exporter and the archive loader look for by themselves', () => {
  const exporter = exporterConfig({ KAFKA_BROKERS: 'broker:9098' });
  const loader = loaderConfig(WAREHOUSE);
  const urls = [...exporter.webSocketUrls, ...exporter.restUrls, loader.archiveUrl, ...loader.restUrls];
  expect(urls.length).toBeGreaterThan(5);
  const refused = urls.map((url) => new URL(url).hostname).filter((host) => !isAllowed(host));
  expect(refused).toEqual([]);
});

test.each([
  'b-1.cryptomarketdev.abc123.c2.kafka.ap-northeast-1.amazonaws.com',
  'sts.ap-northeast-1.amazonaws.com',
  'exampleorg-exampleaccount.snowflakecomputing.com',
  'ocsp.exampleorg-exampleaccount.snowflakecomputing.com',
  'sfc-ap-ds1-customer-stage.s3.ap-northeast-1.amazonaws.com',
  'pypi.org',
  'files.pythonhosted.org',
])('%s is looked up', (host) => expect(isAllowed(host)).toBe(true));

test.each([
  'example.com',
  'someoneelse.snowflakecomputing.com',
  'amazonaws.com.example.com',
  'api.binance.com.example.com',
  'api.binance.us',
])('%s is not', (host) => expect(isAllowed(host)).toBe(false));

test('what was refused is counted from a log that is encrypted', () => {
  const template = synthesize('prod').template('foundation');
  expect(() =>
    template.hasResourceProperties('AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', {
      ResourceId: { Ref: Match.stringLikeRegexp('^NetworkVpc') },
    }),
  ).not.toThrow();
  expect(() =>
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.firewall_rule_action = "BLOCK" }',
      LogGroupName: { Ref: Match.stringLikeRegexp('^NetworkDnsFirewallLookups') },
    }),
  ).not.toThrow();
  expect(() =>
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/crypto-market-prod/dns',
      KmsKeyId: Match.anyValue(),
    }),
  ).not.toThrow();
});

/** As the firewall matches: `*.name` stands for all below it. */
function isAllowed(host: string): boolean {
  return Object.values(allowedNames(PLACE))
    .flat()
    .some((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name));
}

const WAREHOUSE = {
  SNOWFLAKE_ACCOUNT: 'EXAMPLEORG-EXAMPLEACCOUNT',
  SNOWFLAKE_USER: 'LOADER',
  SNOWFLAKE_PRIVATE_KEY: 'key',
  SNOWFLAKE_ROLE: 'LOADER',
};
