import type { FaultInput } from '#local/exchange/fault.ts';
import type { TcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import type { LinkFault } from '#test/faults/harness/tcp-fault-proxy.ts';
import type { LiveHalf } from './parts.ts';

/** Ends what was begun. */
type End = () => Promise<void> | void;

interface FaultKind {
  readonly kind: string;
  /** Two faults of one place wait for each other. */
  readonly place: 'stream' | 'rest' | 'exporter' | 'kafka' | 'kafka-link' | 'consumer' | 'store';
  /** Over as soon as it has begun. */
  readonly isMoment?: true;
  begin(half: LiveHalf): Promise<End> | End;
}

/** What can go wrong in a soak, each as likely as the others. */
export const MENU: readonly [FaultKind, ...FaultKind[]] = [
  { kind: 'stream cut', place: 'stream', isMoment: true, begin: ({ run }) => cut(run.streamLink) },
  {
    kind: 'stream half open',
    place: 'stream',
    begin: ({ run }) => broken(run.streamLink, { kind: 'black-hole' }),
  },
  {
    kind: 'stream dripping',
    place: 'stream',
    begin: ({ run }) => broken(run.streamLink, { kind: 'drip', bytes: 200, everyMs: 20 }),
  },
  { kind: 'stream refused', place: 'stream', begin: ({ run }) => refused(run.streamLink) },
  {
    kind: 'REST answers 429',
    place: 'rest',
    begin: (half) => answering(half, { kind: 'rest-status', status: 429, retryAfterSeconds: 5 }),
  },
  {
    kind: 'REST answers 503',
    place: 'rest',
    begin: (half) => answering(half, { kind: 'rest-status', status: 503 }),
  },
  { kind: 'REST never answers', place: 'rest', begin: (half) => answering(half, { kind: 'rest-timeout' }) },
  { kind: 'exporter killed', place: 'exporter', begin: ({ exporter }) => killed(exporter) },
  { kind: 'exporter frozen', place: 'exporter', begin: ({ exporter }) => frozen(exporter) },
  {
    kind: "exporter's clock stepped",
    place: 'exporter',
    isMoment: true,
    begin: ({ exporter }) => {
      exporter.current().kill('SIGUSR2');
      return () => undefined;
    },
  },
  { kind: 'Kafka killed', place: 'kafka', begin: ({ kafka }) => killed(only(kafka.nodes)) },
  { kind: 'Kafka frozen', place: 'kafka', begin: ({ kafka }) => frozen(only(kafka.nodes)) },
  {
    kind: 'Kafka unreachable',
    place: 'kafka-link',
    begin: ({ kafka }) => broken(only(kafka.nodes).link, { kind: 'black-hole' }),
  },
  { kind: 'consumer killed', place: 'consumer', begin: ({ consumer }) => killed(consumer) },
  { kind: 'consumer frozen', place: 'consumer', begin: ({ consumer }) => frozen(consumer) },
  { kind: 'store refuses connections', place: 'store', begin: ({ storeGate }) => refused(storeGate.link) },
  {
    kind: 'store never answers',
    place: 'store',
    begin: ({ storeGate }) => broken(storeGate.link, { kind: 'black-hole' }),
  },
  { kind: 'store answers 429', place: 'store', begin: (half) => refusing(half, 429) },
  { kind: 'store answers 500', place: 'store', begin: (half) => refusing(half, 500) },
];

function cut(link: TcpFaultProxy): End {
  link.reset();
  return () => undefined;
}

function broken(link: TcpFaultProxy, fault: LinkFault): End {
  link.set(fault);
  return () => link.clear();
}

function refused(link: TcpFaultProxy): End {
  link.accept(false);
  link.reset();
  return () => link.accept(true);
}

function answering({ run }: LiveHalf, fault: FaultInput): End {
  const id = run.exchange.inject(fault);
  return () => void run.exchange.removeFault(id);
}

function refusing({ storeGate }: LiveHalf, status: number): End {
  storeGate.refuse(status);
  return () => storeGate.pass();
}

async function killed(part: { kill(): Promise<void>; startAgain(): Promise<void> }): Promise<End> {
  await part.kill();
  return async () => part.startAgain();
}

function frozen(part: { freeze(): void; thaw(): void }): End {
  part.freeze();
  return () => part.thaw();
}

function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length > 1) throw new Error(`expected one, got ${items.length}`);
  return first;
}
