import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import type { Bench } from '#bench/run/definition.ts';
import { checkGoals } from '#bench/run/goals.ts';
import { between, sectionOf } from '#bench/run/markdown.ts';
import type { BenchResult } from '#bench/run/result.ts';
import { median } from '#bench/run/result.ts';
import { runBench } from '#bench/run/run-bench.ts';
import { writeResult } from '#bench/run/write-results.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crypto-market-frame-'));
  // Counts up to what it is told, by the way all contestants are told.
  const program = `
    const { upTo } = JSON.parse(process.env.BENCH_CASE);
    console.log('chatter');
    console.log(JSON.stringify({ counts: { steps: upTo + Number(process.argv[2] ?? 0) }, figures: { seven: 7 } }));`;
  await writeFile(join(folder, 'counting.mjs'), program);
});

afterAll(() => rm(folder, { recursive: true }));

function counting(...contestants: Bench['contestants']): Bench {
  const cases = [{ name: 'few', work: { upTo: 3 }, amount: 3, expected: { steps: 3 } }];
  const goals = [{ better: 'a', than: 'b', times: 2, figure: 'seven' }] as const;
  return { name: 'counting', what: 'Counts.', unit: 'steps', cases, quickCases: cases, contestants, goals };
}

const A = { name: 'a', command: ['node', 'counting.mjs'] } as const;
const B = { name: 'b', command: ['node', 'counting.mjs'] } as const;
const options = () => ({ folder, runs: 2, quick: false, say: () => undefined });

test('every contestant runs as often as asked, in turns, and is measured by the system', async () => {
  const said: string[] = [];
  const result = await runBench(counting(A, B), { ...options(), say: (line) => said.push(line) });
  expect(said.map((line) => line.trim().split(':')[0])).toEqual([
    'counting',
    'few, a',
    'few, b',
    'few, b',
    'few, a',
  ]);
  const [few] = result.cases;
  expect(few?.contestants.map(({ runs }) => runs.length)).toEqual([2, 2]);
  const [a] = few?.contestants ?? [];
  expect(a?.medians['seven']).toBe(7);
  expect(a?.medians['peakMiB']).toBeGreaterThan(20);
  expect(a?.medians['cpuSeconds']).toBeGreaterThan(0);
  expect(result.goals).toEqual([{ goal: 'few: a at least 2x b', got: '1x', reached: false }]);
});

test('cases that are compared take turns, each set up before the first of them runs', async () => {
  const said: string[] = [];
  const inTurn = ['few', 'as few'].map((name) => ({
    name,
    work: { upTo: 3 },
    amount: 3,
    expected: { steps: 3 },
  }));
  const bench: Bench = {
    ...counting(A),
    cases: inTurn,
    casesInTurn: true,
    setUp: async ({ name }) => {
      said.push(`sets up ${name}`);
      return { env: {}, [Symbol.asyncDispose]: async () => void said.push(`clears ${name}`) };
    },
    goals: [],
  };
  const result = await runBench(bench, { ...options(), say: (line) => said.push(line.trim()) });
  expect(said.filter((line) => !line.startsWith('counting')).map((line) => line.split(':')[0])).toEqual([
    'sets up few',
    'sets up as few',
    'few, a',
    'as few, a',
    'as few, a',
    'few, a',
    'clears as few',
    'clears few',
  ]);
  expect(result.cases.map(({ name, contestants }) => [name, contestants[0]?.runs.length])).toEqual([
    ['few', 2],
    ['as few', 2],
  ]);
});

test.each([
  ['did less than the work', ['counting.mjs', '-1'], 'expected 3 steps, got 2'],
  ['ended badly', ['-e', 'process.exit(4)'], 'it ended with 4'],
  ['told nothing', ['-e', 'console.log("done")'], 'expected a report in JSON as its last line, got done'],
  [
    'told less time than nothing',
    ['-e', 'console.log(JSON.stringify({counts:{steps:3},cpuSeconds:-1}))'],
    'expected a report',
  ],
  [
    'told more CPU time than it had',
    ['-e', 'console.log(JSON.stringify({counts:{steps:3},cpuSeconds:99}))'],
    'it tells 99 CPU-seconds',
  ],
] as const)('a contestant that %s is refused', async (_, args, reason) => {
  const bench = counting(A, { name: 'wrong', command: ['node', ...args] });
  await expect(runBench(bench, options())).rejects.toThrow(reason);
});

test('the median is the middle one, or lies halfway between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 100])).toBe(3);
  expect(() => median([])).toThrow('got none');
});

const cases = [
  { name: '5 M', amount: 1, contestants: [contestant('ours', 12, 10), contestant('theirs', 2, 80)] },
  { name: '50 M', amount: 1, contestants: [contestant('ours', 12, 14)] },
];

function contestant(name: string, perCpuSecond: number, seconds: number) {
  return { name, limit: false, medians: { perCpuSecond, seconds }, runs: [] };
}

test.each([
  [{ better: 'ours', than: 'theirs', times: 5 }, ['6x'], true],
  [{ better: 'ours', than: 'theirs', times: 7 }, ['6x'], false],
  [{ better: 'ours', than: 'theirs', times: 9, figure: 'seconds', lower: true }, ['8x'], false],
  [{ kind: 'bound', of: 'ours', atMost: 14, figure: 'seconds', unit: 's' }, ['10 s', '14 s'], true],
  [{ kind: 'bound', of: 'ours', atMost: 13, figure: 'seconds', cases: ['50 M'] }, ['14'], false],
  [{ kind: 'growth', of: 'ours', figure: 'seconds', from: '5 M', to: '50 M', times: 1.3 }, ['1.4x'], false],
] as const)('the goal %j came to %j', (goal, got, reached) => {
  const checked = checkGoals([goal], cases);
  expect(checked.map((one) => one.got)).toEqual(got);
  expect(checked.every((one) => one.reached)).toBe(reached);
});

test('a result is its JSON and its own section, and leaves what others wrote alone', async () => {
  const result = await runBench(counting(A, B), options());
  const before = '# Benchmarks\n\n<!-- bench:counting -->\nold\n<!-- /bench:counting -->\n\nAfterwards.\n';
  await writeFile(join(folder, 'benchmarks.md'), before);
  await writeResult(folder, result);
  const after = await readFile(join(folder, 'benchmarks.md'), 'utf8');
  expect(after).toContain('| few | a |');
  expect(after).toContain(result.machine.cpu);
  expect(after).toMatch(/few: a at least 2x b \| 1x \| \*\*not reached\*\*/);
  expect(after).not.toContain('old');
  expect(after).toMatch(/\nAfterwards\.\n$/);
  const json: unknown = JSON.parse(await readFile(join(folder, 'benchmarks', 'counting.json'), 'utf8'));
  expect(json).toEqual(JSON.parse(JSON.stringify(result)));
});

test('a section that is new goes to the end, and half a pair of markers is an error', () => {
  expect(between('# Benchmarks\n', 'new', 'text\n')).toBe(
    '# Benchmarks\n\n<!-- bench:new -->\ntext\n<!-- /bench:new -->\n',
  );
  expect(() => between('<!-- bench:new -->\n', 'new', 'text\n')).toThrow('got one of them');
});

test('what nobody can beat is marked in the table, and versions are named', async () => {
  const result = await runBench(counting({ ...A, limit: true }), { ...options(), runs: 1 });
  expect(sectionOf(result)).toContain('| *a* |');
});

test('the tables that are published are those of the results beside them', async () => {
  const docs = join(ROOT, 'docs');
  const text = await readFile(join(docs, 'benchmarks.md'), 'utf8');
  const files = await readdir(join(docs, 'benchmarks'));
  expect(files.length).toBeGreaterThan(7);
  for (const file of files) {
    // as `writeResult` left it
    const result = JSON.parse(await readFile(join(docs, 'benchmarks', file), 'utf8')) as BenchResult;
    expect(between(text, result.name, sectionOf(result)), file).toBe(text);
  }
});
