import type { SendPorts } from '#remote-write/deliver.ts';
import type { Rejection } from './rejection.ts';

/** All that the consumer does to the world, so that its core can be run without one. */
export interface ConsumerPorts extends SendPorts {
  /** Keeps what could not be stored; a rejected promise means that it is not kept. */
  readonly keepAside: (rejection: Rejection) => Promise<void>;
}
