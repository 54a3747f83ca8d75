/** What one look at the account, the network or this machine has shown. */
export type Finding =
  | { readonly kind: 'ok'; readonly what: string; readonly detail: string }
  /** A deployment would fail by it, or what it makes would not work. */
  | { readonly kind: 'problem'; readonly what: string; readonly detail: string; readonly todo: string }
  /** It could not be found out. */
  | { readonly kind: 'unknown'; readonly what: string; readonly detail: string; readonly todo: string };

export interface Check {
  readonly what: string;
  readonly run: () => Promise<readonly Finding[]>;
}

export function ok(what: string, detail: string): Finding {
  return { kind: 'ok', what, detail };
}

export function problem(what: string, detail: string, todo: string): Finding {
  return { kind: 'problem', what, detail, todo };
}

export function unknown(what: string, detail: string, todo: string): Finding {
  return { kind: 'unknown', what, detail, todo };
}

/** What the check finds, or that it could not look, and why. */
export async function lookAt({ what, run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const todo = isDenied(error)
      ? 'let these credentials read it, or look in the console'
      : 'see the reason, and run it again';
    return [unknown(what, reasonOf(error), todo)];
  }
}

/** One line, with the name that AWS gives an error. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const name = error.name === 'Error' ? '' : `${error.name}: `;
  const cause = error.message === '' && error.cause instanceof Error ? error.cause.message : '';
  return `${name}${error.message || cause}`.replaceAll(/\s+/g, ' ').trim();
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|Unauthorized|Forbidden/.test(error.name);
}
