import type { Warehouse } from './connection.ts';
import { setupStatements } from './setup-statements.ts';
import type { PublicKeys } from './setup-statements.ts';

export interface AppliedSetup {
  readonly statements: number;
  readonly milliseconds: number;
}

/**
 * Makes the account what the numbered SQL files beside this one say; a second run changes nothing. The connection's user
 * needs the roles that the files USE. Says one line a statement, and throws at the first that fails with its file and line.
 */
export async function applySnowflakeSetup(
  warehouse: Pick<Warehouse, 'execute'>,
  {
    publicKeys,
    say,
    now = performance.now.bind(performance),
  }: {
    readonly publicKeys: PublicKeys;
    readonly say: (line: string) => void;
    readonly now?: () => number;
  },
): Promise<AppliedSetup> {
  const statements = await setupStatements(publicKeys);
  const begin = now();
  for (const { file, line, sql, title } of statements) {
    const start = now();
    try {
      // oxlint-disable-next-line no-await-in-loop -- each stands on those before it
      await warehouse.execute(sql);
    } catch (error) {
      say(`FAILED ${file}:${line} ${title} (${Math.round(now() - start)} ms)`);
      throw new Error(
        `${file}:${line}: expected the warehouse to run\n${sql}\ngot: ${reasonOf(error)}; ` +
          'what came before is done, and a second run goes over it unharmed',
        { cause: error },
      );
    }
    say(`ok     ${file}:${line} ${title} (${Math.round(now() - start)} ms)`);
  }
  return { statements: statements.length, milliseconds: Math.round(now() - begin) };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason;
  return error instanceof Error ? error.message : String(error);
}
