import { reasonOf } from './ask.ts';

const PROBE_MS = 3000;

export interface SourceChoice {
  readonly source: 'live' | 'replay';
  /** Which source and why, in one line. */
  readonly reason: string;
}

/** Takes what was asked for, else live when one of the exchange's hosts answers in time; throws when live was asked for in vain. */
export async function chooseSource(
  wanted: 'live' | 'replay' | undefined,
  hosts: readonly string[],
  probeMs = PROBE_MS,
): Promise<SourceChoice> {
  if (wanted === 'replay') return { source: 'replay', reason: 'replay of recorded candles, as asked for' };
  const probes = await firstAnswer(hosts, probeMs);
  if (probes.kind === 'answered')
    return { source: 'live', reason: `live from Binance: ${probes.host} answers` };
  const failures = `no host of Binance answered within ${probeMs / 1000} s (${probes.failures.join('; ')})`;
  if (wanted === 'live') {
    throw new Error(
      `expected live candles, but ${failures}: check the connection, set BINANCE_REST_URLS and BINANCE_WS_URLS, or leave --live out`,
    );
  }
  return { source: 'replay', reason: `replay of recorded candles: ${failures}` };
}

async function firstAnswer(hosts: readonly string[], probeMs: number) {
  const failures: string[] = [];
  const probe = async (host: string) => {
    try {
      const { status } = await fetch(`${host}/api/v3/ping`, { signal: AbortSignal.timeout(probeMs) });
      if (status === 200) return host;
      throw new Error(status === 451 ? 'refuses this region (451)' : `answered ${status}`);
    } catch (error) {
      failures.push(`${new URL(host).host}: ${reasonOf(error)}`);
      throw error;
    }
  };
  try {
    return { kind: 'answered', host: await Promise.any(hosts.map(probe)) } as const;
  } catch {
    return { kind: 'silent', failures } as const; // each probe has left its reason
  }
}
