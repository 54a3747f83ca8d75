import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import type { StageName } from '#test/lib/synth.ts';
import { nameOf, ofType } from '#test/lib/whole-app/resources.ts';

const ALARM = 'AWS::CloudWatch::Alarm';

describe.each(STAGE_NAMES)('in %s', (stage) => {
  test('every alarm tells the alarm topic when it goes off and when it is well again', () => {
    const alarms = ofType(stage, ALARM);
    expect(alarms.length).toBeGreaterThan(20);
    for (const alarm of alarms) {
      const { AlarmActions, OKActions, ActionsEnabled } = alarm.properties;
      expect(JSON.stringify(AlarmActions), nameOf(alarm)).toMatch(/AlarmsTopic/);
      expect(OKActions, nameOf(alarm)).toEqual(AlarmActions);
      expect(ActionsEnabled, nameOf(alarm)).not.toBe(false);
    }
  });

  test('every alarm says in a sentence what is wrong, and what silence means', () => {
    for (const alarm of ofType(stage, ALARM)) {
      expect(alarm.properties['AlarmDescription'], nameOf(alarm)).toMatch(/^[A-Z].{50,}/s);
      expect(alarm.properties['TreatMissingData'], nameOf(alarm)).toMatch(
        /^(breaching|notBreaching|ignore)$/,
      );
    }
  });

  test('every alarm is called by where it is, so that its message says so', () => {
    const constructs = Object.values(synthesize(stage).stacks)
      .flatMap((stack) => stack.node.findAll())
      .filter((construct) => construct instanceof Alarm);
    const expected = constructs.map((alarm) => alarm.node.path.replaceAll('/', '-')).toSorted();
    const names = ofType(stage, ALARM).map(({ properties }) => String(properties['AlarmName']));
    expect(names.toSorted()).toEqual(expected);
    expect(new Set(names).size).toBe(names.length);
    // as CloudWatch allows
    for (const name of names) expect(name.length).toBeLessThanOrEqual(255);
  });

  test('every part of the picture has an alarm of its own', () => {
    const { data, live, analytics } = synthesize(stage).stacks;
    const parts = {
      exporter: live.exporter,
      kafka: data.stream,
      consumer: live.consumer,
      metrics: data.metricsStore,
      warehouse: analytics.warehouse,
      airflow: analytics.batch,
      quality: analytics.qualityExporter,
    };
    const without = Object.entries(parts).filter(
      ([, part]) => !part.node.findAll().some((construct) => construct instanceof Alarm),
    );
    expect(without.map(([name]) => name)).toEqual([]);
  });

  test('the dashboard has a row for each part, with every alarm that there is, and refers to none', () => {
    const { text, widgets } = dashboard(stage);
    const headings = widgets.flatMap(({ properties }) => properties.markdown?.match(/^## (.+)/)?.[1] ?? []);
    expect(headings).toEqual([
      'Exporter',
      'Kafka',
      'Consumer',
      'Metrics',
      'Warehouse',
      'Batch',
      'Network and keys',
    ]);
    const shown = widgets
      .flatMap(({ properties }) => properties.alarms ?? [])
      .map((arn) => arn.split(':').at(-1));
    const all = ofType(stage, ALARM).map(({ properties }) => properties['AlarmName']);
    expect(shown).toHaveLength(all.length);
    expect(new Set(shown)).toEqual(new Set(all));
    // an alarm that is exported could not be taken away
    expect(text).not.toMatch(/ImportValue[^}]*Alarm/);
  });
});

/** The dashboard's JSON as CloudWatch gets it, with a word in place of what other stacks export. */
function dashboard(stage: StageName) {
  const [found] = ofType(stage, 'AWS::CloudWatch::Dashboard');
  const text = JSON.stringify(found?.properties['DashboardBody']);
  const { 'Fn::Join': joined } = joinSchema.parse(found?.properties['DashboardBody']);
  const body = joined[1].map((part) => (typeof part === 'string' ? part : 'exported')).join('');
  return { text, widgets: bodySchema.parse(JSON.parse(body)).widgets };
}

const joinSchema = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
const bodySchema = z.object({
  widgets: z.array(
    z.object({
      properties: z.object({ markdown: z.string().optional(), alarms: z.array(z.string()).optional() }),
    }),
  ),
});
