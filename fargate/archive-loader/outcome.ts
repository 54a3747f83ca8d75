/** What the network or the other side did, where trying again may help and was done already. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

/** It is there and it is wrong. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** It is not there. */
export interface Absent {
  readonly kind: 'absent';
}

export function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}

export function unavailable(reason: string): Unavailable {
  return { kind: 'unavailable', reason };
}

/** The text of anything thrown, with its causes, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message}${code}${error.cause === undefined ? '' : `: ${describeError(error.cause)}`}`;
}

/** What a person has to mend: the message says all, and a stack would say nothing. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
}
