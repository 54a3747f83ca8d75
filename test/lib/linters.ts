import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import * as z from 'zod';
import { pythonTool } from '#local/setup/python.ts';

export interface LinterFinding {
  readonly linter: 'cfn-lint' | 'checkov';
  readonly rule: string;
  /** File name of the template. */
  readonly template: string;
  /** Logical id; empty if the template itself is meant. */
  readonly resource: string;
  readonly message: string;
}

/** Findings in every template below a folder, for the region that they are deployed to. */
export async function lintTemplates(folder: string, region: string): Promise<readonly LinterFinding[]> {
  return (await Promise.all([cfnLint(folder, region), checkov(folder)])).flat();
}

async function cfnLint(folder: string, region: string): Promise<readonly LinterFinding[]> {
  const args = ['--template', `${folder}/**/*.template.json`, '--regions', region, '--format', 'json'];
  const found = cfnLintReport.parse(JSON.parse(await output('cfn-lint', args)));
  return found.map(({ Filename, Rule, Location, Message }) => ({
    linter: 'cfn-lint',
    rule: Rule.Id,
    template: basename(Filename),
    resource: Location.Path?.[0] === 'Resources' ? String(Location.Path[1] ?? '') : '',
    message: Message,
  }));
}

const cfnLintReport = z.array(
  z.object({
    Filename: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullish() }),
    Message: z.string(),
  }),
);

async function checkov(folder: string): Promise<readonly LinterFinding[]> {
  const args = ['--directory', folder, '--framework', 'cloudformation', '--output', 'json', '--compact'];
  // its own service is never asked
  const { results } = checkovReport.parse(
    JSON.parse(await output('checkov', [...args, '--skip-download', '--quiet'])),
  );
  return results.failed_checks.map(({ check_id, check_name, file_path, resource }) => ({
    linter: 'checkov',
    rule: check_id,
    template: basename(file_path),
    resource: resource.split('.').at(-1) ?? '',
    message: check_name,
  }));
}

const checkovReport = z.object({
  results: z.object({
    failed_checks: z.array(
      z.object({
        check_id: z.string(),
        check_name: z.string(),
        file_path: z.string(),
        resource: z.string(),
      }),
    ),
  }),
  // a template that it can't read, or that silences it in itself
  summary: z.object({ parsing_errors: z.literal(0), skipped: z.literal(0) }),
});

/** Both exit with something else than 0 once they find something: what they print tells whether they ran. */
async function output(tool: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    execFile(pythonTool('cloud', tool), args, options, (error, stdout, stderr) => {
      if (stdout.trimStart().startsWith('[') || stdout.trimStart().startsWith('{')) resolve(stdout);
      else reject(new Error(`expected ${tool} to print JSON, got ${stdout}${stderr}`, { cause: error }));
    });
  });
}
