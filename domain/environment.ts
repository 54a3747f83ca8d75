import type * as z from 'zod';

/** A variable is missing or wrong; the message names each one, what was expected and what was got, a line each. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Reads a process's variables once, at its start. Throws an EnvironmentError. */
export function parseVariables<T>(
  schema: z.ZodType<T>,
  env: Readonly<Record<string, string | undefined>>,
): T {
  // An empty value is what a shell or a deployment's configuration leaves behind for "not set".
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(
    parsed.error.issues
      .map(({ path, message }) => {
        const name = String(path[0]);
        const got = present[name] === undefined ? 'nothing' : JSON.stringify(present[name]);
        return `${name}: ${message}, got ${got}`;
      })
      .join('\n'),
  );
}
