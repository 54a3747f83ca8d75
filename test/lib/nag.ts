import { CfnResource, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { NagPack } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

export const PACKS = ['AwsSolutions', 'NIST.800.53.R5', 'Serverless'] as const;

interface Finding {
  /** Path of the resource, without the name of the stage. */
  readonly path: string;
  /** As it is acknowledged: pack, rule and, of rules that find several things in one resource, which. */
  readonly rule: string;
  readonly description: string;
  /** Of the nearest acknowledgement at or above the resource. */
  readonly acknowledgedAt: string | undefined;
}

export interface Acknowledgement {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** How many resources the rules were applied to. */
  readonly resources: number;
}

/** Applies the three packs to an app as its synthesis left it: every finding, those that are acknowledged included. */
export function inspect(app: App): Inspection {
  app.synth();
  const packs = [new AwsSolutionsChecks(), new NIST80053R5Checks(), new ServerlessChecks()];
  return {
    findings: packs.flatMap((pack) => findingsOf(pack, app)),
    acknowledgements: app.node.findAll().flatMap(acknowledgementsOf),
    resources: app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)).length,
  };
}

/** The pack asks for an acknowledgement at each finding, and reports those without one: so none is given to it. */
function findingsOf(pack: NagPack, app: App): readonly Finding[] {
  // private; the planted violations of nag.test.ts would tell if it went away
  Reflect.set(pack, 'isAcknowledged', () => false);
  return pack.validateScope(app).violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => ({
      path: withoutStage(constructPath),
      rule: ruleName,
      description: description.replace(/ - \(Control IDs:.*$/s, ''),
      acknowledgedAt: nearest(app, constructPath, ruleName),
    })),
  );
}

function nearest(app: App, path: string, rule: string): string | undefined {
  let construct: IConstruct | undefined = path
    .split('/')
    .reduce((parent: IConstruct, id) => parent.node.findChild(id), app);
  for (; construct !== undefined; construct = construct.node.scope) {
    const found = acknowledgementsOf(construct).find((acknowledgement) => acknowledgement.rule === rule);
    if (found) return found.path;
  }
  return undefined;
}

function acknowledgementsOf(construct: IConstruct): readonly Acknowledgement[] {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(reasons.parse(data)))
    .map(([id, reason]) => ({
      path: withoutStage(construct.node.path),
      rule: id.replace(/^annotation::/i, ''),
      reason,
    }));
}

const reasons = z.record(z.string(), z.string());

function withoutStage(path: string): string {
  return path.replace(/^crypto-market-(dev|prod)-/, '');
}
