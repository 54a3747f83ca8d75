// Runs a TypeScript program of this repository with the Node that the repository pins, and installs the node
// modules first where they are missing. Plain JavaScript that runs on Node 18 with nothing installed.
import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './setup/lock.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const [script, ...args] = process.argv.slice(2);
if (script === undefined)
  fail('expected a program to run, as in `node local/bootstrap.mjs local/main.ts --help`');
if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(
    `expected Node 18 or newer to start with, got ${process.versions.node}: install one from your system's packages`,
  );
}
const problem = modulesProblem();
if (problem !== undefined) await installModules(problem);
// kafkajs 2.2.4 computes a timeout below 0 whenever two requests are under way, which is harmless
process.exitCode = await run(join(BIN, 'node'), [
  '--disable-warning=TimeoutNegativeWarning',
  join(ROOT, script),
  ...args,
]);

/** What npm says it has installed, against what the lock file wants; undefined when they agree. */
function modulesProblem() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const installed = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  if (wanted === undefined)
    fail('expected a package-lock.json beside package.json, got none: check the repository out anew');
  if (installed === undefined) return 'not installed';
  for (const [name, entry] of Object.entries(wanted)) {
    // binaries of other platforms are optional and stay away
    if (name === '' || entry.optional || entry.devOptional) continue;
    if (installed[name]?.version !== entry.version) {
      return `${name} is ${installed[name]?.version ?? 'missing'}, expected ${entry.version}`;
    }
  }
  try {
    accessSync(join(BIN, 'node'), constants.X_OK);
    return undefined;
  } catch {
    return 'the pinned Node is missing';
  }
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function installModules(reason) {
  await withLock(join(ROOT, '.tools', 'setup.lock'), sayWaiting, async () => {
    if (modulesProblem() === undefined) return;
    const startedMs = Date.now();
    const seconds = () => Math.round((Date.now() - startedMs) / 1000);
    console.error(`node modules: ${reason}, installing by npm ci`);
    const ticks = setInterval(() => console.error(`node modules: ${seconds()} s`), 10_000);
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const [command, ...first] = npm;
    const code = await run(command, [...first, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], ROOT);
    clearInterval(ticks);
    if (code !== 0) fail(`npm ci ended with ${code}: see its message above`);
    const left = modulesProblem();
    if (left !== undefined) fail(`npm ci ran, but ${left}: is another npm at work in this folder?`);
    console.error(`node modules: installed in ${seconds()} s`);
  });
}

function sayWaiting({ pid }) {
  console.error(`waiting for process ${pid}, which is installing`);
}

/** Runs to the end with this process's own input and output; resolves with the exit code, as a shell counts it. */
function run(command, commandArgs, cwd) {
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(command, commandArgs, { cwd, env, stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  const orphaned = stopWithNpm(forward);
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`expected to run ${command}, got: ${error.message}`));
    child.once('exit', (code, signal) => {
      clearInterval(orphaned);
      for (const name of FORWARDED) process.off(name, forward);
      resolve(code ?? 128 + system.signals[signal]);
    });
  });
}

/** An npm that was killed can't pass the signal on; what it started must not stay behind. */
function stopWithNpm(forward) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    forward('SIGTERM');
  }, 1000).unref();
  return watch;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
