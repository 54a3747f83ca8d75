import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { create, properties, startStand, update, USERS } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;

beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand[Symbol.asyncDispose]());

const PHYSICAL_ID = { PhysicalResourceId: 'snowflake-setup-local' };

beforeEach(() => {
  stand.fake.interfere = () => undefined;
  stand.snowflake.replace = () => undefined;
  stand.reset();
});

test('a new stack gets the account set up, and each user a key that Snowflake knows', async () => {
  const { answer, words } = await stand.invoke(create());
  expect(JSON.parse(answer)).toEqual(PHYSICAL_ID);
  expect(words).toMatch(/"event":"set-up".*"newKeys":\["loader","transformer","reader"\]/);
  for (const user of USERS) {
    const key = stand.publicKey(user, 'AWSCURRENT');
    expect(key).toMatch(/^MII/);
    expect(stand.places(user)).toEqual([key, undefined]);
  }
  expect(new Set(USERS.map((user) => stand.publicKey(user, 'AWSCURRENT'))).size).toBe(3);
  expect(await stand.execute('show warehouses')).not.toEqual([]);
});

test('a second run keeps every key', async () => {
  await stand.handle(create());
  const keys = USERS.map((user) => stand.publicKey(user, 'AWSCURRENT'));
  const puts = countPuts();
  expect(await stand.handle(update({ ...properties(), setupHash: 'two' }))).toEqual(PHYSICAL_ID);
  expect(USERS.map((user) => stand.publicKey(user, 'AWSCURRENT'))).toEqual(keys);
  expect(countPuts()).toBe(puts);
});

describe('the next generation of keys', () => {
  test('is valid beside the one before, which never leaves its place, until a third one takes that', async () => {
    await stand.handle(create());
    const first = stand.publicKey('reader', 'AWSCURRENT');
    await stand.handle(update(properties({ generation: 2 })));
    const second = stand.publicKey('reader', 'AWSCURRENT');
    expect(second).not.toBe(first);
    expect(stand.places('reader')).toEqual([first, second]);
    await stand.handle(update(properties({ generation: 3 }), properties({ generation: 2 })));
    const third = stand.publicKey('reader', 'AWSCURRENT');
    expect(stand.places('reader')).toEqual([third, second]);
    expect(stand.publicKey('reader', 'AWSPREVIOUS')).toBe(second);
  });

  test('is taken back when the deployment is, with both valid', async () => {
    await stand.handle(create());
    const first = stand.publicKey('loader', 'AWSCURRENT');
    await stand.handle(update(properties({ generation: 2 })));
    const second = stand.publicKey('loader', 'AWSCURRENT');
    await stand.handle(update(properties(), properties({ generation: 2 })));
    expect(stand.publicKey('loader', 'AWSCURRENT')).toBe(first);
    expect(stand.places('loader')).toEqual([first, second]);
  });

  test('is handed out only once Snowflake knows it', async () => {
    await stand.handle(create());
    const first = stand.publicKey('loader', 'AWSCURRENT');
    stand.snowflake.replace = (sql) => (/RSA_PUBLIC_KEY_2 = /.test(sql) ? 'select refused' : undefined);
    const rotate = update(properties({ generation: 2 }));
    await expect(stand.handle(rotate)).rejects.toThrow(
      /snowflake\/050_users\.sql:\d+: expected the warehouse/,
    );
    expect(stand.publicKey('loader', 'AWSCURRENT')).toBe(first);
    const pending = stand.publicKey('loader', 'AWSPENDING');
    stand.snowflake.replace = () => undefined;
    await stand.handle(rotate);
    expect(stand.publicKey('loader', 'AWSCURRENT')).toBe(pending);
  });

  test('is refused when one would be left out, as the key in use would be void', async () => {
    await stand.handle(create());
    await expect(stand.handle(update(properties({ generation: 3 })))).rejects.toThrow(
      /expected keyGeneration 0 to 2 for secret arn:.*, which is at 1, got 3: go one at a time/,
    );
  });
});

describe('of the candle topic', () => {
  test('a new epoch makes the landing table forget how far the one before had come', async () => {
    await stand.handle(create());
    await stand.landUpTo(41);
    await stand.handle(update(properties({ epoch: '5e6f7a8b' })));
    expect(await stand.landedUpTo()).toBe('-1');
  });

  test('the same epoch lets it remember', async () => {
    await stand.handle(create());
    await stand.landUpTo(41);
    await stand.handle(update({ ...properties({ generation: 2 }), setupHash: 'two' }));
    expect(await stand.landedUpTo()).toBe('41');
  });
});

describe('a run that fails in the middle', () => {
  test('with Snowflake away makes no key, and goes well once it is back', async () => {
    await expect(stand.handle(create(), { port: 1 })).rejects.toThrow(/expected to log in to/);
    expect(countPuts()).toBe(0);
    expect(await stand.handle(create())).toEqual(PHYSICAL_ID);
  });

  test.each([
    [undefined, /expected secret crypto-market-dev\/snowflake-admin to hold .*, got: GetSecretValue of/],
    ['{"user": "SETTER_UP"}', /got privateKey: Invalid input: expected string/],
    ['no JSON at all', /got the whole: Invalid input: expected object/],
    ['{"user": "SETTER_UP", "privateKey": "c2VjcmV0"}', /expected an unencrypted private key in PKCS8/],
  ])('with an administrator of %s tells what is wrong and shows nothing of it', async (secret, message) => {
    const failed = stand.handle(create(), { adminSecret: secret });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(/c2VjcmV0|no JSON at all/);
  });

  test('at any request to Secrets Manager goes well the next time, with one key of each generation', async () => {
    await stand.handle(create());
    const rotate = update(properties({ generation: 2 }));
    for (const action of ['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage']) {
      stand.fake.interfere = (asked) => (asked === action ? 'InternalServiceError' : undefined);
      await expect(stand.handle(rotate)).rejects.toThrow('planted');
    }
    stand.fake.interfere = () => undefined;
    await stand.handle(rotate);
    for (const user of USERS) {
      expect([...stand.secretOf(user).versions.keys()]).toHaveLength(2);
      expect(stand.places(user)[1]).toBe(stand.publicKey(user, 'AWSCURRENT'));
    }
  });
});

test('deletion leaves Snowflake and its keys alone and says so, whatever had been made', async () => {
  const before = stand.snowflake.statements.length;
  const remove = { RequestType: 'Delete', PhysicalResourceId: 'half-made', ResourceProperties: {} };
  expect(await stand.handle(remove)).toEqual({ PhysicalResourceId: 'half-made' });
  expect(await stand.handle(remove)).toEqual({ PhysicalResourceId: 'half-made' });
  expect(stand.snowflake.statements).toHaveLength(before);
  expect(stand.fake.actions).toEqual([]);
  expect(stand.lines.at(-1)).toMatchObject({ event: 'kept' });
});

test('no private key was in any line or answer of all that', () => {
  const keys = stand.privateKeys();
  // the administrator's, and at least two generations of three users
  expect(keys.length).toBeGreaterThan(7);
  const said = stand.said();
  expect(said).toContain('PhysicalResourceId');
  expect(said).toContain('snowflake/050_users.sql');
  for (const key of keys) {
    // a line of a PEM has 64 characters, and the first are the same in every key
    for (const part of [key.slice(64, 112), key.slice(-64)]) expect(said).not.toContain(part);
  }
});

function countPuts(): number {
  return stand.fake.actions.filter((action) => action === 'PutSecretValue').length;
}
