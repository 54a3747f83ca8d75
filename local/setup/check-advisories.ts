/**
 * Asks the npm registry for advisories on what is deployed, and fails at the severity `high` or above. Exits with 3
 * if the registry does not say: many mirrors have no such service, and no answer is neither good nor bad.
 */
import { spawnSync } from 'node:child_process';
import * as z from 'zod';
import { ROOT } from './folders.ts';
import { NO_ANSWER } from './no-answer.ts';

const REFUSED: readonly string[] = ['high', 'critical'];

const advisory = z.object({ title: z.string(), url: z.string() });
const reportSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.string(), via: z.array(z.union([z.string(), advisory])) }),
  ),
  metadata: z.object({ dependencies: z.object({ prod: z.int() }) }),
});
const failureSchema = z.object({ message: z.string() });

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  cwd: ROOT,
  encoding: 'utf8',
  env: { ...process.env, npm_config_fetch_retries: '0' },
});
if (error) throw error;
const answer = readAnswer(stdout);
const report = reportSchema.safeParse(answer);
if (report.success) {
  const { vulnerabilities, metadata } = report.data;
  const found = Object.entries(vulnerabilities).filter(([, { severity }]) => REFUSED.includes(severity));
  for (const [name, { severity, via }] of found) {
    const causes = via.map((cause) =>
      typeof cause === 'string' ? `by ${cause}` : `${cause.title}, ${cause.url}`,
    );
    console.error(`${name} (${severity}): ${causes.join('; ')}`);
  }
  console.log(`${metadata.dependencies.prod} packages asked for, ${found.length} with an advisory`);
  process.exitCode = found.length === 0 ? 0 : 1;
} else {
  const failure = failureSchema.safeParse(answer);
  const reason = failure.success ? failure.data.message : stderr.trim();
  console.error(`the registry does not say whether there are advisories: ${reason}`);
  process.exitCode = NO_ANSWER;
}

function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // npm itself failed, and said why on stderr
    return undefined;
  }
}
