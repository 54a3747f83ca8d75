import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import type { StackPart } from '#test/lib/synth.ts';

// What a stage has of a quota already is told from what others have by these names, which preflight looks for.

test.each(STAGE_NAMES)('what %s takes of quotas has the names that preflight knows it by', (name) => {
  const template = (part: StackPart) => synthesize(name).template(part);
  const tags = Match.arrayWith([
    { Key: 'project', Value: 'crypto-market' },
    { Key: 'stage', Value: name },
  ]);

  for (const type of ['AWS::EC2::VPC', 'AWS::EC2::EIP']) {
    expect(Object.keys(template('foundation').findResources(type)).length).toBeGreaterThan(0);
    template('foundation').allResourcesProperties(type, { Tags: tags });
  }
  template('dashboards').hasResourceProperties('AWS::Grafana::Workspace', { Tags: tags });
  template('data').hasResourceProperties('AWS::MSK::Cluster', { ClusterName: `crypto-market-${name}` });
});
