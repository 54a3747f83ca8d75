import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { GrafanaClient } from '@aws-sdk/client-grafana';
import type { Context } from 'aws-lambda';
import { onEvent } from './on-event.ts';
import type { Answer } from './on-event.ts';

/** Puts data sources, dashboards and contact points into a workspace of Managed Grafana, for CDK's Provider framework. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<Answer> {
  const remainingMs = context.getRemainingTimeInMillis();
  const signal = AbortSignal.timeout(remainingMs - Math.min(ENDING_MS, remainingMs / 2));
  return onEvent(event, signal, ports);
}

/** For taking the token and its account back: two requests, each with all attempts. */
const ENDING_MS = 60_000;

const logger = new Logger({ serviceName: 'grafana-provisioning' });
const ports = {
  workspaces: new GrafanaClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000 },
  }),
  log: {
    info: (event: string, facts: Readonly<Record<string, unknown>>) =>
      logger.info(event, { event, ...facts }),
    warn: (event: string, facts: Readonly<Record<string, unknown>>) =>
      logger.warn(event, { event, ...facts }),
  },
  wait: async (ms: number, signal?: AbortSignal) => {
    await sleep(ms, undefined, signal ? { signal } : {});
  },
  random: Math.random,
};
