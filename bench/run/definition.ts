/**
 * What one folder of bench/ says of itself, in the `bench` that its `bench.ts` exports.
 *
 * A contestant is a process of its own for each run. It reads its work from `BENCH_CASE` (JSON, see `readCase`) and what
 * `setUp` gave from its environment, and ends by printing one JSON line on stdout: `RunReport`. Its counts have to be
 * those expected, else its run is refused: the speed of wrong work is no result.
 */
export interface Bench {
  /** Of its folder in bench/, and of its file in docs/benchmarks/. */
  readonly name: string;
  /** The work, in a sentence or two for the reader of the table. */
  readonly what: string;
  /** What is counted, plural: `frames`. */
  readonly unit: string;
  readonly cases: readonly BenchCase[];
  /** Whether cases take turns as contestants do: where one is compared with another, as a machine's speed changes within minutes. */
  readonly casesInTurn?: boolean;
  /** The same at a size that takes seconds, for `--quick`; its numbers say nothing. */
  readonly quickCases: readonly BenchCase[];
  /** Columns of the table after the contestant's name; by default those of throughput. */
  readonly figures?: readonly Figure[];
  readonly contestants: readonly Contestant[];
  readonly goals: readonly Goal[];
  /** Other people's software, installed on demand. */
  readonly peers?: Peers;
  /** Steps of the project's own set-up that it needs: a broker, a Python environment. */
  readonly needs?: readonly SetupStepLike[];
  /** Starts what a case needs, once for all of its runs. */
  readonly setUp?: (benchCase: BenchCase, context: SetUpContext) => Promise<Prepared>;
  /** Sentences under the table: what was found by the profile, what limits, what a peer can't do. */
  readonly notes?: readonly string[];
}

export interface BenchCase {
  /** As the table says it: `1,000 symbols`. */
  readonly name: string;
  readonly work: Readonly<Record<string, number>>;
  /** Counts that every contestant has to come to; `setUp` may add to them. */
  readonly expected?: Counts;
  /** How much was done, in the bench's unit. */
  readonly amount: number;
}

export type Counts = Readonly<Record<string, number>>;

export interface Contestant {
  readonly name: string;
  /** Run in the bench's folder. `node` is this Node, `python` the peers' environment. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Whose software it needs: `Bench.peers` has the lock files. */
  readonly peer?: keyof Peers;
  /** Keys of the expected counts that it can tell; by default all. */
  readonly counts?: readonly string[];
  /** Not beside whom a user could go, but what nobody can beat: it leaves part of the work out. */
  readonly limit?: boolean;
  /** Default true: on the last CPU alone, while servers have the others. */
  readonly pinned?: boolean;
  /** By default in every case; to leave out where it would take hours. */
  readonly only?: (benchCase: BenchCase) => boolean;
}

export interface Peers {
  /** Folder with package.json and package-lock.json, relative to the bench's: `peers`. */
  readonly npm?: string;
  /** A lock file with hashes, relative to the bench's folder: `requirements.txt`. */
  readonly python?: string;
}

export interface Figure {
  /** A key of the report's `figures`, or what the frame knows of each run: perCpuSecond, perSecond (of the case's
   * amount), cpuSeconds, wallSeconds, peakMiB, and over time earlyMiB, lateMiB, memoryGrowth. */
  readonly key: string;
  readonly title: string;
  /** Digits after the point; by default as many as give three that count. */
  readonly digits?: number;
}

interface OfCases {
  /** Names of cases; by default every one. */
  readonly cases?: readonly string[];
  /** By default `perCpuSecond`. */
  readonly figure?: string;
}

export type Goal =
  /** `better`'s figure is at least `times` that of `than`, or for `lower` figures at most a `times`-th of it. */
  | ({
      readonly kind?: 'times';
      readonly better: string;
      readonly than: string;
      readonly times: number;
      readonly lower?: boolean;
    } & OfCases)
  | ({
      readonly kind: 'bound';
      readonly of: string;
      readonly atMost: number;
      readonly unit?: string;
    } & OfCases)
  /** The figure in the case `to` is at most `times` that in the case `from`: how cost grows. */
  | {
      readonly kind: 'growth';
      readonly of: string;
      readonly figure: string;
      readonly from: string;
      readonly to: string;
      readonly times: number;
    };

/** What a contestant prints as its last line. */
export interface RunReport {
  readonly counts: Counts;
  /** Of the part that is measured, where start-up is none of the work; the whole process's otherwise. */
  readonly cpuSeconds?: number;
  readonly wallSeconds?: number;
  /** The bench's own, as `p99Ms`. */
  readonly figures?: Readonly<Record<string, number>>;
  /** What was measured: `ccxt 4.5.84`. */
  readonly version?: string;
}

interface SetUpContext {
  /** Empty, the case's own, removed afterwards. */
  readonly folder: string;
  /** The peers' Python; undefined where there are none. */
  readonly python: string | undefined;
}

export interface Prepared extends AsyncDisposable {
  /** For the contestants, on top of this process's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly expected?: Counts;
}

/** `SetupStep` of local/setup/. */
interface SetupStepLike {
  readonly name: string;
  readonly check: () => Promise<{ readonly kind: 'present' | 'missing' }>;
  readonly install: () => Promise<void>;
}
