import type { SendOutcome } from './send-outcome.ts';
import type { Rejection } from './rejection.ts';

/** All that the consumer does to the world, so that its core can be run without one. */
export interface ConsumerPorts {
  /** Posts a snappy-compressed write request; a receiver that can't be reached is an outcome, not an exception. */
  readonly send: (body: Uint8Array, timeoutMs: number) => Promise<SendOutcome>;
  /** Makes the next send use newly fetched credentials. */
  readonly refreshCredentials: () => Promise<void>;
  /** Keeps what could not be stored; a rejected promise means that it is not kept. */
  readonly keepAside: (rejection: Rejection) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}
