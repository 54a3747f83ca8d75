import type { RefusalReason } from '#remote-write/classify-refusal.ts';
import { deliver } from '#remote-write/deliver.ts';
import type { SendPorts } from '#remote-write/deliver.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import type { Sample } from '#remote-write/sample.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { splitRequests } from '#remote-write/split-requests.ts';
import { parseExposition } from './parse-exposition.ts';

/** What came of asking for the metrics page. */
export type Scrape =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface ForwarderPorts extends SendPorts {
  readonly scrape: () => Promise<Scrape>;
}

/** What one round did, in numbers of samples unless said. */
export interface Round {
  readonly scrapeFailure: string | undefined;
  /** Lines. */
  readonly unreadable: number;
  readonly stored: number;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
  /** The receiver's words on the first of them. */
  readonly refusal: string | undefined;
  /** Left for the next round. */
  readonly waiting: number;
  readonly gaveUp: string | undefined;
  /** The oldest of those that wait, dropped since there are too many. */
  readonly dropped: number;
}

export interface Forwarder {
  /** Scrapes once, and sends that with all that waits, until `deadlineMs`. */
  readonly round: (deadlineMs: number) => Promise<Round>;
  /** Sends what waits, and that the program is down. */
  readonly close: (deadlineMs: number) => Promise<Round>;
}

export interface Identity {
  /** Whose metrics these are, in `up`. */
  readonly job: string;
  /**
   * A label on every series: a counter begins at 0 in a new task, and tasks overlap in a deployment, so without it two
   * counters would be one that jumps.
   */
  readonly task: string;
}

/** 250 series every 30 s for an hour and a half, longer than the store takes them back. */
const MAX_WAITING = 50_000;

export function createForwarder(
  { job, task }: Identity,
  ports: ForwarderPorts,
  maxWaiting = MAX_WAITING,
): Forwarder {
  let waiting: readonly Sample[] = [];

  const send = async (fresh: readonly Sample[], deadlineMs: number) => {
    const { samples } = groupBySeries([...waiting, ...fresh]);
    const delivery = await deliver(splitRequests(samples), deadlineMs, ports);
    const unsent = delivery.unsent.toSorted((a, b) => a.timestampMs - b.timestampMs);
    waiting = unsent.slice(Math.max(0, unsent.length - maxWaiting));
    const refused: Partial<Record<RefusalReason, number>> = {};
    for (const { reason } of delivery.refused) refused[reason] = (refused[reason] ?? 0) + 1;
    return {
      stored: delivery.stored,
      refused,
      refusal: delivery.refused[0]?.detail,
      waiting: waiting.length,
      gaveUp: delivery.gaveUp,
      dropped: unsent.length - waiting.length,
    };
  };

  const up = (timestampMs: number, value: '0' | '1'): Sample => ({
    labels: seriesLabels({ __name__: 'up', job, task }),
    timestampMs,
    value,
  });

  return {
    round: async (deadlineMs) => {
      const timestampMs = ports.now();
      const scrape = await ports.scrape();
      if (scrape.kind === 'failed') {
        const sent = await send([up(timestampMs, '0')], deadlineMs);
        return { scrapeFailure: scrape.reason, unreadable: 0, ...sent };
      }
      const { samples, unreadable } = parseExposition(scrape.text);
      const fresh = samples.map(({ name, labels, value }): Sample => ({
        labels: seriesLabels({ ...labels, __name__: name, task }),
        timestampMs,
        value,
      }));
      const sent = await send([up(timestampMs, '1'), ...fresh], deadlineMs);
      return { scrapeFailure: undefined, unreadable: unreadable.length, ...sent };
    },
    close: async (deadlineMs) => ({
      scrapeFailure: undefined,
      unreadable: 0,
      ...(await send([up(ports.now(), '0')], deadlineMs)),
    }),
  };
}
