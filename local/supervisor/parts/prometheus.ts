import { join } from 'node:path';
import { preparePrometheus, prometheusAnswers } from '#local/prometheus/start-prometheus.ts';
import { ROOT } from '#local/setup/folders.ts';
import type { Part } from '#local/supervisor/part.ts';
import { dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

/** The very rules that the metrics workspace on AWS gets. */
const RULES_FILE = join(ROOT, 'grafana', 'generated', 'rules.yaml');

export function prometheusPart(options: RunOptions): Part {
  const url = urlOf(options, 'prometheus');
  return {
    name: 'prometheus',
    half: 'live',
    dependsOn: [],
    ports: [portOf(options, 'prometheus')],
    url,
    prepare: async () => ({
      command: await preparePrometheus({
        port: portOf(options, 'prometheus'),
        dataDir: join(dataFolder(options), 'prometheus'),
        configFile: join(dataFolder(options), 'prometheus.yml'),
        targets: [
          { job: 'ohlc-exporter', port: portOf(options, 'exporter') },
          { job: 'consumer', port: portOf(options, 'consumer') },
        ],
        alerting: { rulesFile: RULES_FILE, alertmanagerPort: portOf(options, 'alertmanager') },
      }),
    }),
    check: async () =>
      (await prometheusAnswers(url)) ? { kind: 'ready' } : { kind: 'down', detail: 'does not answer yet' },
    // it reads the log of its last hours first
    startTimeoutMs: 180_000,
    stopTimeoutMs: 30_000,
  };
}
