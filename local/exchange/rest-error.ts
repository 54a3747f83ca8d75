/** An answer in Binance's own error form: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md */
export interface RestError {
  readonly kind: 'error';
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  readonly retryAfterSeconds?: number;
}

export type RestAnswer = { readonly kind: 'body'; readonly json: string } | RestError;

export function body(value: unknown): RestAnswer {
  return { kind: 'body', json: JSON.stringify(value) };
}

export function badRequest(code: number, msg: string): RestError {
  return { kind: 'error', status: 400, code, msg };
}

export function missingParameter(name: string): RestError {
  return badRequest(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
}

export function illegalCharacters(name: string, range: string): RestError {
  return badRequest(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`);
}

export const INVALID_SYMBOL = badRequest(-1121, 'Invalid symbol.');
