import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const LOCK_FILE = {
  packages: {
    '': { name: 'a-project' },
    'node_modules/ws': { version: '8.0.0' },
    'node_modules/for-another-platform': { version: '1.0.0', optional: true },
  },
};
const PROGRAM = `
  // before it says a word, which is when it may be told to
  process.on('SIGTERM', () => { console.log('told to stop'); process.exit(3); });
  console.log(JSON.stringify({ args: process.argv.slice(2), path: process.env.PATH.split(':')[0] }));
  if (process.argv[2] === 'wait') setInterval(() => {}, 1000);
  else process.exit(7);`;

test('with everything there, the program gets its arguments, and its exit code is passed on', async () => {
  await using project = await projectFolder();
  await project.install();
  const run = await project.bootstrap('one', '--two').ended();
  expect(run.code).toBe(7);
  expect(JSON.parse(run.stdout)).toEqual({
    args: ['one', '--two'],
    path: join(project.path, 'node_modules', '.bin'),
  });
  expect(run.stderr).toBe('');
  expect(await project.npmCalls()).toBe('');
});

test.for([
  ['there are none', () => Promise.resolve(), 'not installed'],
  [
    'one has another version than the lock file',
    (project: Project) => project.install('7.9.9'),
    'node_modules/ws is 7.9.9, expected 8.0.0',
  ],
] as const)('node modules are installed by npm ci when %s', async ([, prepare, reason]) => {
  await using project = await projectFolder();
  await prepare(project);
  const run = await project.bootstrap('one').ended();
  expect(run.stderr).toContain(`node modules: ${reason}, installing by npm ci`);
  expect(await project.npmCalls()).toBe('ci --loglevel=error --no-audit --no-fund\n');
  expect(run.code).toBe(7);
});

test('a failing npm ci ends it, and the program does not run', async () => {
  await using project = await projectFolder();
  const run = await project.bootstrap('one').ended({ NPM_FAILS: '1' });
  expect(run.stderr).toContain('npm ci ended with 5');
  expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 1, stdout: '' });
});

test('a signal reaches the program, which decides what to do with it', async () => {
  await using project = await projectFolder();
  await project.install();
  const bootstrap = project.bootstrap('wait');
  const ended = bootstrap.ended();
  await expect.poll(bootstrap.stdout, { timeout: 30_000 }).toContain('wait');
  bootstrap.kill('SIGTERM');
  const run = await ended;
  expect(run.stdout).toContain('told to stop');
  expect(run.code).toBe(3);
});

type Project = Awaited<ReturnType<typeof projectFolder>>;

/** A folder with the real bootstrap in it, and an npm that writes down how it was called. */
async function projectFolder() {
  const folder = await temporaryFolder();
  const at = (...names: readonly string[]) => join(folder.path, ...names);
  await mkdir(at('local', 'setup'), { recursive: true });
  for (const name of ['bootstrap.mjs', 'setup/lock.mjs', 'setup/process-identity.mjs']) {
    await cp(join(ROOT, 'local', name), at('local', name));
  }
  await writeFile(at('package-lock.json'), JSON.stringify(LOCK_FILE));
  await writeFile(at('program.mjs'), PROGRAM);
  const install = async (version = '8.0.0') => {
    await mkdir(at('node_modules', '.bin'), { recursive: true });
    await symlink(process.execPath, at('node_modules', '.bin', 'node'));
    const installed = { packages: { 'node_modules/ws': { version } } };
    await writeFile(at('node_modules', '.package-lock.json'), JSON.stringify(installed));
  };
  await writeFile(at('npm-calls'), '');
  await writeFile(
    at('npm.mjs'),
    `import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
     if (process.env.NPM_FAILS) process.exit(5);
     appendFileSync(${JSON.stringify(at('npm-calls'))}, process.argv.slice(2).join(' ') + '\\n');
     rmSync(${JSON.stringify(at('node_modules'))}, { recursive: true, force: true });
     mkdirSync(${JSON.stringify(at('node_modules', '.bin'))}, { recursive: true });
     symlinkSync(process.execPath, ${JSON.stringify(at('node_modules', '.bin', 'node'))});
     writeFileSync(${JSON.stringify(at('node_modules', '.package-lock.json'))},
       JSON.stringify({ packages: { 'node_modules/ws': { version: '8.0.0' } } }));`,
  );
  await chmod(at('npm.mjs'), 0o755);
  return {
    ...folder,
    install,
    npmCalls: () => readFile(at('npm-calls'), 'utf8'),
    bootstrap: (...args: readonly string[]) => runBootstrap(folder.path, args),
  };
}

function runBootstrap(folder: string, args: readonly string[]) {
  let child: ReturnType<typeof spawn> | undefined;
  const output = { stdout: '', stderr: '' };
  return {
    stdout: () => output.stdout,
    kill: (signal: NodeJS.Signals) => child?.kill(signal),
    ended: async (env: NodeJS.ProcessEnv = {}) => {
      const command = [join(folder, 'local', 'bootstrap.mjs'), 'program.mjs', ...args];
      const started = spawn(process.execPath, command, {
        env: { ...process.env, npm_execpath: join(folder, 'npm.mjs'), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      for (const name of ['stdout', 'stderr'] as const) {
        started[name].setEncoding('utf8').on('data', (text: string) => {
          output[name] += text;
        });
      }
      const [code] = await once(started, 'close');
      return { ...output, code: Number(code) };
    },
  };
}
