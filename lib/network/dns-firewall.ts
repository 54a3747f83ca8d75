import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as resolver from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';
import type { AllowedNames } from './allowed-names.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface DnsFirewallProps {
  readonly vpc: ec2.IVpc;
  readonly stage: Stage;
  readonly key: kms.IKey;
  readonly allowed: AllowedNames;
}

/** Rules are tried in the order of their numbers. */
const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 900;

/**
 * Answers look-ups of the names that are allowed, and of no others, so that what runs in the network finds no way to hosts
 * that it has no business with. Every look-up is logged with what became of it: a host that is missing here shows as one
 * that is blocked there.
 */
export class DnsFirewall extends Construct {
  /** Look-ups that were refused. */
  readonly blocked: cloudwatch.Metric;

  constructor(scope: Construct, id: string, { vpc, stage, key, allowed }: DnsFirewallProps) {
    super(scope, id);
    const list = (name: string, domains: readonly string[]) =>
      new resolver.CfnFirewallDomainList(this, name, { domains: [...domains] }).attrId;
    const allowing = Object.entries(allowed).map(([reason, domains], index) => ({
      action: 'ALLOW',
      priority: FIRST_PRIORITY + index,
      firewallDomainListId: list(`Allowed-${reason}`, domains),
      // their owners answer with aliases in the domains of others, which they change as they like
      firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
    }));
    const blocking = {
      action: 'BLOCK',
      blockResponse: 'NXDOMAIN',
      priority: LAST_PRIORITY,
      firewallDomainListId: list('Others', ['*']),
    };
    const rules = new resolver.CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [...allowing, blocking],
    });
    new resolver.CfnFirewallRuleGroupAssociation(this, 'Association', {
      firewallRuleGroupId: rules.attrId,
      vpcId: vpc.vpcId,
      priority: FIRST_PRIORITY + 1,
    });
    this.blocked = countBlocked(this, logLookups(this, vpc, stage, key), stage);
  }
}

function logLookups(scope: Construct, vpc: ec2.IVpc, stage: Stage, key: kms.IKey): logs.LogGroup {
  const logGroup = stageLog(scope, 'Lookups', {
    stage,
    key,
    // AWS writes to groups of this prefix by one policy of the account, which has room for no others
    logGroupName: `/aws/vendedlogs/crypto-market-${stage.name}/dns`,
  });
  const logging = new resolver.CfnResolverQueryLoggingConfig(scope, 'Logging', {
    destinationArn: logGroup.logGroupArn,
  });
  new resolver.CfnResolverQueryLoggingConfigAssociation(scope, 'LoggingAssociation', {
    resolverQueryLogConfigId: logging.attrId,
    resourceId: vpc.vpcId,
  });
  return logGroup;
}

function countBlocked(scope: Construct, lookups: logs.LogGroup, stage: Stage): cloudwatch.Metric {
  return new logs.MetricFilter(scope, 'Blocked', {
    logGroup: lookups,
    filterPattern: logs.FilterPattern.stringValue('$.firewall_rule_action', '=', 'BLOCK'),
    metricNamespace: `crypto-market-${stage.name}`,
    metricName: 'BlockedLookups',
    metricValue: '1',
    defaultValue: 0,
  }).metric({ statistic: cloudwatch.Stats.SUM });
}
