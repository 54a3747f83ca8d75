import type { BuiltImage } from './container-engine.ts';

interface ProgramCheck {
  /** Left out: what the image runs by itself. */
  readonly command?: readonly string[];
  readonly what: string;
  readonly exitCode: number;
  readonly says: RegExp;
}

const SURROUNDINGS = `
  const { writeFileSync } = await import('node:fs');
  const tryToWrite = (file) => { try { writeFileSync(file, ''); return 'written'; } catch ({ code }) { return code; } };
  console.log(process.getuid(), tryToWrite('/app/file'), tryToWrite(process.env.TMPDIR + '/file'));`;

const CHECKS: Readonly<Record<string, readonly ProgramCheck[]>> = {
  'fargate/Dockerfile': [
    {
      what: 'its command, without settings',
      exitCode: 1,
      says: /KAFKA_BROKERS: expected host:port[^"]*/,
    },
    {
      what: 'the archive loader',
      command: ['node', 'fargate/archive-loader/main.ts', '--help'],
      exitCode: 0,
      says: /^Usage: .*/m,
    },
    {
      what: 'the packages that write Parquet and reach the warehouse',
      command: [
        'node',
        '--input-type=module',
        '--eval',
        "await import('#fargate/archive-loader/parquet-writer.ts'); await import('snowflake-sdk'); console.log('loaded')",
      ],
      exitCode: 0,
      says: /^loaded$/m,
    },
    {
      what: 'its user, and writing to /app and to $TMPDIR',
      command: ['node', '--input-type=module', '--eval', SURROUNDINGS],
      exitCode: 0,
      says: /^1000 EROFS written$/m,
    },
  ],
};

/** Runs the programs that the image is for; throws when one does not do what it has to, else says what they did. */
export function runPrograms(image: BuiltImage, file: string): string[] {
  const checks = CHECKS[file];
  if (checks === undefined)
    throw new Error(`expected programs to run of the image of ${file}: name them in CHECKS`);
  return checks.map(({ what, command = image.command, exitCode, says }) => {
    const end = image.run(command);
    const output = end.stdout + end.stderr;
    const said = says.exec(output)?.[0];
    if (end.exitCode !== exitCode || said === undefined)
      throw new Error(
        `${what}: expected \`${command.join(' ')}\` in the image to exit with ${exitCode} and to say ${says}, ` +
          `got ${end.exitCode} and: ${output}`,
      );
    return `${what}: exit code ${exitCode}, ${said}`;
  });
}
