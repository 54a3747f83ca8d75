/** A process beyond doubt: its id, and when it started, since ids are used again. */
export interface ProcessId {
  readonly pid: number;
  readonly identity: string;
}

/** When the process started, in the system's own format; undefined when it is gone. */
export declare function identityOfProcess(pid: number): string | undefined;

/** True when exactly this process still runs. */
export declare function isAlive(id: ProcessId): boolean;
