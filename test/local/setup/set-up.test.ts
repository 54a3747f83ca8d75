import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { requirePrerequisites } from '#local/setup/prerequisites.ts';
import { setUp } from '#local/setup/set-up.ts';
import type { SetupStep } from '#local/setup/step.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('nothing is said and nothing is installed when nothing is missing', async () => {
  await using folder = await temporaryFolder();
  const { lines, options } = listening(folder.path);
  const step = { ...missingStep('Kafka'), check: () => Promise.resolve({ kind: 'present' } as const) };
  await setUp([step], options);
  expect(lines).toEqual([]);
  expect(step.installs()).toBe(0);
});

test('a missing step is installed with its name and its time told, and only once by two set-ups at a time', async () => {
  await using folder = await temporaryFolder();
  const { lines, options } = listening(folder.path);
  const step = missingStep('Kafka');
  await Promise.all([setUp([step], options), setUp([step], options)]);
  expect(step.installs()).toBe(1);
  expect(lines).toContain('Kafka: not installed, installing');
  expect(lines).toContainEqual(expect.stringMatching(/^Kafka: installed in \d+ s$/));
  expect(lines).toContain(`waiting for process ${process.pid}, which is installing`);
});

test('a step that fails, or installs nothing, stops the set-up with its name', async () => {
  await using folder = await temporaryFolder();
  const { options } = listening(folder.path);
  const failing = { ...missingStep('Kafka'), install: () => Promise.reject(new Error('no connection')) };
  await expect(setUp([failing], options)).rejects.toThrow('could not set up Kafka: no connection');
  const empty = { ...missingStep('Kafka'), install: () => Promise.resolve() };
  await expect(setUp([empty], options)).rejects.toThrow(
    'could not set up Kafka: installed, but still missing',
  );
});

test('a prerequisite that is missing stops the set-up before anything is installed', async () => {
  await using folder = await temporaryFolder();
  const { lines, options } = listening(folder.path);
  const step = { ...missingStep('Kafka'), needs: ['maven'] as const };
  await expect(setUp([step], { ...options, env: { PATH: folder.path } })).rejects.toThrow(
    'Maven 3.6 or newer',
  );
  expect(step.installs()).toBe(0);
  expect(lines).toEqual([]);
});

test('all prerequisites that are missing or too old are told at once, each with the command to type', async () => {
  await using folder = await temporaryFolder();
  await fakeProgram(join(folder.path, 'java'), 'openjdk version "11.0.2" 2019-01-15');
  await fakeProgram(join(folder.path, 'mvn'), 'Apache Maven 3.8.7');
  const asked = requirePrerequisites(['java', 'maven', 'python'], { PATH: folder.path });
  await expect(asked).rejects.toThrow(
    [
      'please install what is missing, then try again:',
      '  Java 17 or newer: `java` is version 11.0',
      '    Debian: sudo apt-get install -y openjdk-17-jre-headless',
      '    macOS:  brew install openjdk@17 && export JAVA_HOME="$(brew --prefix openjdk@17)"',
      '  Python 3.11 or newer with venv: `python3` was not found or did not run',
      '    Debian: sudo apt-get install -y python3 python3-venv',
      '    macOS:  brew install python@3.12',
    ].join('\n'),
  );
});

test('the Java of JAVA_HOME counts before the one on the PATH', async () => {
  await using folder = await temporaryFolder();
  await fakeProgram(join(folder.path, 'java'), 'openjdk version "11.0.2"');
  await fakeProgram(join(folder.path, 'home', 'bin', 'java'), 'openjdk version "21" 2023-09-19');
  const asked = requirePrerequisites(['java'], { PATH: folder.path, JAVA_HOME: join(folder.path, 'home') });
  await expect(asked).resolves.toBeUndefined();
});

function listening(folder: string) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  return { lines, options: { lockFile: join(folder, 'lock'), say } };
}

function missingStep(name: string) {
  let installs = 0;
  return {
    name,
    needs: [],
    check: () =>
      Promise.resolve(
        installs === 0 ? { kind: 'missing', detail: 'not installed' } : { kind: 'present' },
      ) as ReturnType<SetupStep['check']>, // the union's two literals widen without it
    install: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      installs += 1;
    },
    installs: () => installs,
  };
}

async function fakeProgram(path: string, output: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${output}' >&2\n`);
  await chmod(path, 0o755);
}
