import { join } from 'node:path';
import { runCommand } from './run-command.ts';

interface Prerequisite {
  readonly title: string;
  readonly debian: string;
  readonly macos: string;
  /** Undefined when it is there and new enough, else what was found. */
  readonly problem: (env: NodeJS.ProcessEnv) => Promise<string | undefined>;
}

/** What the project can't install by itself. */
const PREREQUISITES = {
  java: {
    title: 'Java 17 or newer',
    debian: 'sudo apt-get install -y openjdk-17-jre-headless',
    macos: 'brew install openjdk@17 && export JAVA_HOME="$(brew --prefix openjdk@17)"',
    problem: (env) => versionProblem(env, javaPath(env), ['-version'], /version "(\d+)(?:\.(\d+))?/, [17, 0]),
  },
  javac: {
    title: 'Java compiler 17 or newer',
    debian: 'sudo apt-get install -y openjdk-17-jdk-headless',
    macos: 'brew install openjdk@17 && export JAVA_HOME="$(brew --prefix openjdk@17)"',
    problem: (env) => versionProblem(env, javacPath(env), ['-version'], /javac (\d+)(?:\.(\d+))?/, [17, 0]),
  },
  maven: {
    title: 'Maven 3.6 or newer',
    debian: 'sudo apt-get install -y maven',
    macos: 'brew install maven',
    problem: (env) => versionProblem(env, 'mvn', ['-B', '-version'], /Apache Maven (\d+)\.(\d+)/, [3, 6]),
  },
  python: {
    title: 'Python 3.11 or newer with venv',
    debian: 'sudo apt-get install -y python3 python3-venv',
    macos: 'brew install python@3.12',
    problem: async (env) =>
      (await versionProblem(env, 'python3', ['--version'], /Python (\d+)\.(\d+)/, [3, 11])) ??
      (await importProblem(env, 'ensurepip')),
  },
} as const satisfies Record<string, Prerequisite>;

export type PrerequisiteName = keyof typeof PREREQUISITES;

/** JAVA_HOME's Java when that is set, else the one on the PATH. */
export function javaPath(env: NodeJS.ProcessEnv = process.env): string {
  return env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java';
}

export function javacPath(env: NodeJS.ProcessEnv = process.env): string {
  return `${javaPath(env)}c`;
}

/** Throws one error that lists everything that is missing, with the commands that install it. */
export async function requirePrerequisites(
  names: Iterable<PrerequisiteName>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const checked = [...new Set(names)].map(async (name) => {
    const { title, debian, macos, problem } = PREREQUISITES[name];
    const found = await problem(env);
    return found === undefined ? [] : [`  ${title}: ${found}\n    Debian: ${debian}\n    macOS:  ${macos}`];
  });
  const missing = (await Promise.all(checked)).flat();
  if (missing.length > 0)
    throw new Error(`please install what is missing, then try again:\n${missing.join('\n')}`);
}

async function versionProblem(
  env: NodeJS.ProcessEnv,
  command: string,
  args: readonly string[],
  pattern: RegExp,
  [major, minor]: readonly [number, number],
): Promise<string | undefined> {
  let text: string;
  try {
    text = await runCommand(command, args, { env });
  } catch {
    return `\`${command}\` was not found or did not run`;
  }
  const [, gotMajor, gotMinor = '0'] = pattern.exec(text) ?? [];
  if (gotMajor === undefined) return `\`${command} ${args.join(' ')}\` did not tell a version`;
  const got = [Number(gotMajor), Number(gotMinor)] as const;
  const isEnough = got[0] > major || (got[0] === major && got[1] >= minor);
  return isEnough ? undefined : `\`${command}\` is version ${got.join('.')}`;
}

async function importProblem(env: NodeJS.ProcessEnv, module: string): Promise<string | undefined> {
  try {
    await runCommand('python3', ['-c', `import ${module}`], { env });
    return undefined;
  } catch {
    return `\`python3\` has no ${module}`;
  }
}
