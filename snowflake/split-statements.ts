export interface Statement {
  /** Where its first word stands, from 1. */
  readonly line: number;
  /** Without comments before it and the semicolon after it. */
  readonly sql: string;
}

/**
 * Cuts Snowflake SQL at the semicolons that are not inside of a string, a quoted name, a `$$` block or a comment. Throws
 * where one of those has no end.
 */
export function splitStatements(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  let start: number | undefined;
  let end = 0;
  const finish = () => {
    if (start !== undefined) statements.push({ line: lineAt(text, start), sql: text.slice(start, end) });
    start = undefined;
  };
  for (const { kind, from, to } of tokens(text)) {
    if (kind === 'semicolon') finish();
    else if (kind === 'text') {
      start ??= from;
      end = to;
    }
  }
  finish();
  return statements;
}

interface Token {
  readonly kind: 'text' | 'semicolon' | 'comment' | 'space';
  readonly from: number;
  readonly to: number;
}

/** Tried in this order at each place; the part after a beginning that has no end is not matched. */
const TOKENS = [
  ['space', /\s+/y],
  ['comment', /(?:--|\/\/)[^\n]*/y],
  ['comment', /\/\*[\s\S]*?\*\//y],
  ['semicolon', /;/y],
  ['text', /\$\$[\s\S]*?\$\$/y],
  ['text', /'(?:[^'\\]|''|\\[\s\S])*'/y],
  ['text', /"(?:[^"]|"")*"/y],
  ['text', /[^\s;'"$/-]+|\$(?!\$)|\/(?![/*])|-(?!-)/y],
] as const;

function* tokens(text: string): Generator<Token> {
  let from = 0;
  while (from < text.length) {
    const token = tokenAt(text, from);
    yield token;
    from = token.to;
  }
}

function tokenAt(text: string, from: number): Token {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = from;
    if (pattern.test(text)) return { kind, from, to: pattern.lastIndex };
  }
  throw new Error(
    `line ${lineAt(text, from)}: expected an end of what ${text.slice(from, from + 2)} begins, got none`,
  );
}

function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length;
}
