import type { ProcessId } from './process-identity.mjs';

export type LockAttempt =
  | { readonly kind: 'locked'; readonly release: () => void }
  | { readonly kind: 'held'; readonly by: ProcessId };

/** Takes a lock that lives in a file, and takes it over from a process that died with it. */
export declare function tryLock(file: string): LockAttempt;

/** Waits for the lock, does the work, and releases it. */
export declare function withLock<T>(
  file: string,
  onWait: (by: ProcessId) => void,
  work: () => Promise<T>,
): Promise<T>;

/** The live process that has the lock. */
export declare function lockHolder(file: string): ProcessId | undefined;
