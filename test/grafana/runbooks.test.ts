import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULE_GROUPS } from '#grafana/rules/rules-yaml.ts';
import { ROOT } from '#local/setup/folders.ts';
import { alertsOf } from './promtool.ts';

const FOLDER = 'docs/runbooks';
const alerts = new Map(alertsOf(RULE_GROUPS).map(({ alert, annotations }) => [alert, annotations.runbook]));
const pages = readdirSync(join(ROOT, FOLDER)).filter((name) => name !== 'README.md');
const textOf = (page: string) => readFileSync(join(ROOT, FOLDER, page), 'utf8');

test('each alert has its entry, where it says, and each entry its alert', () => {
  const entries = pages.flatMap((page) =>
    [...textOf(page).matchAll(/^## (\w+)$/gm)].map(
      ([, name = '']) => [name, `${FOLDER}/${page}#${name.toLowerCase()}`] as const,
    ),
  );
  expect(entries.length).toBeGreaterThan(20);
  expect(Object.fromEntries(entries)).toEqual(Object.fromEntries(alerts));
  expect(entries).toHaveLength(new Set(entries.map(([name]) => name)).size);
});

test('each entry says what to look at or what to do, and not the summary again', () => {
  for (const page of pages) {
    const [, ...entries] = textOf(page).split(/^## /m);
    expect(entries.length, page).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(entry, page).toMatch(/^- (Look at|Do)/m);
      expect(entry.length, entry).toBeGreaterThan(200);
    }
  }
});

test('the index names every page and every alert', () => {
  const index = textOf('README.md');
  for (const page of pages) expect(index).toContain(`[${page}](${page})`);
  for (const alert of alerts.keys()) expect(index).toMatch(new RegExp(`\\b${alert}\\b`));
});
