import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { DEFAULT_ASSUMPTIONS } from '#deploy/cost-assumptions.ts';
import { costLines } from '#deploy/cost-lines.ts';
import { STACK_PARTS, STAGE_NAMES, synthesize } from '#test/lib/synth.ts';

// What is billed by the piece is counted in the cost table without a look at the templates.

describe.each(STAGE_NAMES)('the cost of %s', (name) => {
  test.each([
    ['interface endpoints', 'AWS::EC2::VPCEndpoint', (count: number, zones: number) => count * zones],
    ['NAT gateways', 'AWS::EC2::NatGateway', (count: number) => count],
    ['public addresses', 'AWS::EC2::EIP', (count: number) => count],
    // customer's keys only, and one secret more, made by hand
    ['keys', 'AWS::KMS::Key', (count: number) => count],
    ['secrets', 'AWS::SecretsManager::Secret', (count: number) => count + 1],
  ] as const)('counts as many %s as are deployed', (what, type, expected) => {
    const { stage } = synthesize(name);

    expect(quantityOf(name, what)).toBe(expected(deployed(name, type), stage.zones.length));
  });

  test('has room for the alarms that are deployed', () => {
    const alarms = deployed(name, 'AWS::CloudWatch::Alarm');

    expect(alarms).toBeGreaterThan(10);
    expect(DEFAULT_ASSUMPTIONS.alarms).toBeGreaterThanOrEqual(alarms);
  });
});

const templateSchema = z.object({
  Resources: z
    .record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
    )
    .default({}),
});

function deployed(name: (typeof STAGE_NAMES)[number], type: string): number {
  const resources = STACK_PARTS.flatMap((part) =>
    Object.values(templateSchema.parse(synthesize(name).template(part).toJSON()).Resources),
  );
  expect(resources.length).toBeGreaterThan(100);
  return resources.filter(
    // gateways to S3 and DynamoDB cost nothing
    ({ Type, Properties }) => Type === type && Properties['VpcEndpointType'] !== 'Gateway',
  ).length;
}

/** The pieces in the line of this name; those by the hour are a month of hours each. */
function quantityOf(name: (typeof STAGE_NAMES)[number], what: string): number {
  const line = costLines(synthesize(name).stage, DEFAULT_ASSUMPTIONS).find((each) =>
    each.what.endsWith(what),
  );
  if (line === undefined) return 0;
  return line.per.endsWith('hour') ? line.quantity / 730 : line.quantity;
}
