import type { Clock } from './clock.ts';
import type { ExchangeLimits } from './limits.ts';
import type { RestError } from './rest-error.ts';

export interface Charged {
  /** Weight used by the address in this minute, for `X-MBX-USED-WEIGHT-1M`. */
  readonly used: number;
  readonly refusal?: RestError;
}

/** Counts request weight per address and wall-clock minute; 429 above the limit, 418 for those that go on regardless. */
export function openWeightMeter(
  wall: Clock,
  limits: ExchangeLimits,
): (address: string, weight: number) => Charged {
  const accounts = new Map<string, Account>();
  return (address, weight) => {
    const now = wall.now();
    const minute = Math.floor(now / 60_000);
    const known = accounts.get(address);
    const account: Account =
      known?.minute === minute
        ? known
        : { minute, used: 0, refusals: 0, bannedUntilMs: known?.bannedUntilMs ?? 0 };
    accounts.set(address, account);
    if (account.bannedUntilMs > now)
      return { used: account.used, refusal: banned(account.bannedUntilMs, now) };
    account.used += weight;
    if (account.used <= limits.weightPerMinute) return { used: account.used };
    account.refusals += 1;
    if (account.refusals <= limits.refusalsBeforeBan) {
      return { used: account.used, refusal: tooMuch(limits.weightPerMinute, (minute + 1) * 60_000 - now) };
    }
    account.bannedUntilMs = now + limits.banMs;
    return { used: account.used, refusal: banned(account.bannedUntilMs, now) };
  };
}

interface Account {
  readonly minute: number;
  used: number;
  refusals: number;
  bannedUntilMs: number;
}

function tooMuch(limit: number, waitMs: number): RestError {
  return {
    kind: 'error',
    status: 429,
    code: -1003,
    msg: `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  };
}

function banned(untilMs: number, nowMs: number): RestError {
  return {
    kind: 'error',
    status: 418,
    code: -1003,
    msg: `Way too much request weight used; IP banned until ${untilMs}. Please use WebSocket Streams for live updates to avoid bans.`,
    retryAfterSeconds: Math.ceil((untilMs - nowMs) / 1000),
  };
}
