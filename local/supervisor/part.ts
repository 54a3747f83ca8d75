/** live: from the exchange to the page; batch: from Kafka to the warehouse and its models. */
export type Half = 'live' | 'batch';

/** One process of the pipeline: what runs it, what it needs, and how to see that it does its work. */
export interface Part {
  readonly name: string;
  /** The live half does not wait for the batch half, nor fall with it. */
  readonly half: Half;
  /** Parts that have to answer before this one starts; they are stopped after it. */
  readonly dependsOn: readonly string[];
  /** Listened on, all on 127.0.0.1, and checked to be free before anything starts. */
  readonly ports: readonly number[];
  /** Where people and other commands find it. */
  readonly url: string;
  /** Called before each start: writes what the process reads, and says how to run it. */
  readonly prepare: () => Promise<PartCommand>;
  /** Asked every few seconds; a throw counts as down. */
  readonly check: () => Promise<Health>;
  /** Called after each start once it answers, before what depends on it starts. */
  readonly onceUp?: () => Promise<void>;
  /** @default 60 s until it answers after a start */
  readonly startTimeoutMs?: number;
  /** @default 10 s between SIGTERM and SIGKILL */
  readonly stopTimeoutMs?: number;
}

export interface PartCommand {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Health {
  /** down: does not answer; waiting: answers, but does not do its work (yet), for the reason in `detail`. */
  readonly kind: 'down' | 'waiting' | 'ready';
  readonly detail?: string;
  /** Records that the part has still to read. */
  readonly lag?: number;
  /** Since the last candle of the symbol that waited longest. */
  readonly ageSeconds?: number;
}

/** Every part after those that it depends on, else in the order given; throws on an unknown name or a circle. */
export function inStartOrder(parts: readonly Part[]): readonly Part[] {
  const ordered: Part[] = [];
  let waiting = [...parts];
  while (waiting.length > 0) {
    const next = waiting.find(({ dependsOn }) =>
      dependsOn.every((name) => ordered.some((part) => part.name === name)),
    );
    if (next === undefined) {
      const names = waiting.map(({ name, dependsOn }) => `${name} (${dependsOn.join(', ')})`).join(', ');
      throw new Error(`expected parts to depend on other parts without a circle, got ${names}`);
    }
    ordered.push(next);
    waiting = waiting.filter((part) => part !== next);
  }
  return ordered;
}

/** The parts named and all that depend on them, on those in turn included. */
export function withDependents(names: readonly string[], parts: readonly Part[]): ReadonlySet<string> {
  const found = new Set(names);
  for (const { name, dependsOn } of inStartOrder(parts)) {
    if (dependsOn.some((needed) => found.has(needed))) found.add(name);
  }
  return found;
}
