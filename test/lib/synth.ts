import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { inject } from 'vitest';
import * as z from 'zod';
import { addStacks } from '#lib/add-stacks.ts';
import { stageOf } from '#lib/stage/stage-of.ts';
import type { Stage, StageSettings } from '#lib/stage/stage.ts';

export type StageName = 'dev' | 'prod';
export type StackPart = keyof ReturnType<typeof addStacks>;

/** Part of the settings, or what makes new ones of them. */
export type StageChanges = DeepPartial<StageSettings> | ((settings: Stage) => StageSettings);

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;

export interface Synthesis {
  readonly app: App;
  readonly stage: Stage;
  readonly stacks: ReturnType<typeof addStacks>;
  template(part: StackPart): Template;
}

export const STAGE_NAMES: readonly StageName[] = ['dev', 'prod'];
export const STACK_PARTS: readonly StackPart[] = [
  'foundation',
  'data',
  'live',
  'analytics',
  'dashboards',
  'operations',
];

const unchanged = new Map<StageName, Synthesis>();

/** The whole app of one stage as templates, without bundling and validation; made once if nothing is changed: test files share it, and only read. */
export function synthesize(name: StageName, changes?: StageChanges): Synthesis {
  if (changes !== undefined) return build(changed(stageFor(name), changes));
  const cached = unchanged.get(name) ?? build(stageFor(name));
  unchanged.set(name, cached);
  return cached;
}

/** As the app of a stage, with nothing in it. */
export function emptyApp(): App {
  return new App({
    outdir: mkdtempSync(join(inject('synthFolder'), 'app-')),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { ...FEATURE_FLAGS, 'aws:cdk:bundling-stacks': [] },
  });
}

function build(stage: Stage): Synthesis {
  const app = emptyApp();
  const stacks = addStacks(app, stage);
  const templates = new Map<StackPart, Template>();
  const template = (part: StackPart) => {
    const known = templates.get(part) ?? Template.fromStack(stacks[part]);
    templates.set(part, known);
    return known;
  };
  return { app, stage, stacks, template };
}

function stageFor(name: StageName): Stage {
  return stageOf({ stage: name, account: '123456789012', snowflakeAccount: 'EXAMPLEORG-EXAMPLEACCOUNT' });
}

function changed(stage: Stage, changes: StageChanges): Stage {
  if (typeof changes === 'function') return { ...stage, ...changes(stage) };
  // a deep partial of the settings over the settings is settings
  return merge(stage, changes) as Stage;
}

/** Lists and values are replaced, `undefined` takes a setting away. */
function merge(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in over ? merge(base[key], over[key]) : base[key]]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const FEATURE_FLAGS = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'))).context;
