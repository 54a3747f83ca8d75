import { expect, test } from 'vitest';
import { buildMartQuery } from '#local/page/mart-query.ts';
import type { Execute } from '#local/page/warehouse-queries.ts';

/** What the warehouse is asked, by a query string of the browser's. */
async function asked(search: string) {
  const query = buildMartQuery(new URLSearchParams(search));
  if (query.kind === 'refused') return [[query.reason, []] as const];
  const statements: (readonly [string, readonly string[]])[] = [];
  const execute: Execute = async (sql, binds) => {
    statements.push([sql, binds]);
    return [];
  };
  await query.read(execute);
  return statements;
}

test.each([
  ['', 'name: expected one of overview, symbols, history, got ""'],
  ['name=__proto__', 'name: expected one of overview, symbols, history, got "__proto__"'],
  ['name=select+1', 'name: expected one of overview, symbols, history, got "select 1"'],
  ['name=overview&sql=select', 'expected name only, got "sql"'],
  ['name=history&symbol=X&interval=1h&limit=1', 'expected name, symbol, interval only, got "limit"'],
  ["name=history&symbol=X'--&interval=1h", 'symbol: expected 1 to 64 letters'],
  ['name=history&interval=1h', 'symbol: expected 1 to 64 letters'],
  ['name=history&symbol=X&interval=2h', 'interval: expected one of 1m, 5m, 15m, 1h, 4h, 1d, got "2h"'],
  ['name=history&symbol=X&interval=toString', 'interval: expected one of'],
])('%j is refused, and the warehouse is not asked', async (search, reason) => {
  expect(await asked(search)).toEqual([[expect.stringContaining(reason), []]]);
});

test('a symbol reaches the warehouse as a bound value only, an interval as a name of the fixed table', async () => {
  for (const interval of ['1m', '5m', '15m', '1h', '4h', '1d']) {
    const statements = await asked(`name=history&symbol=BTCUSDT&interval=${interval}`);
    expect(statements).toEqual([
      [expect.stringContaining(`from marts.fct_candles_${interval}\n`), ['BTCUSDT']],
    ]);
    expect(JSON.stringify(statements)).not.toContain('BTCUSDT\\n');
  }
});

test('every question is for the marts alone, and one that may be answered from another is not', async () => {
  const [overview, symbols] = [await asked('name=overview'), await asked('name=symbols')];
  expect([overview.length, symbols.length]).toEqual([6, 1]);
  for (const [sql] of [...overview, ...symbols]) {
    const from = [...sql.matchAll(/\bfrom\s+(\w+)\./g)].map(([, schema]) => schema);
    expect(new Set(from)).toEqual(new Set(['marts']));
  }
  const keys = ['1h', '1d'].map((interval) => {
    const query = buildMartQuery(new URLSearchParams(`name=history&symbol=X&interval=${interval}`));
    return query.kind === 'query' ? query.key : 'refused';
  });
  expect(new Set(keys).size).toBe(2);
});
