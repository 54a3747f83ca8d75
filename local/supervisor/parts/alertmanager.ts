import { join } from 'node:path';
import { localAlertmanagerYaml } from '#grafana/alertmanager/alertmanager-yaml.ts';
import { alertmanagerAnswers, prepareAlertmanager } from '#local/alertmanager/start-alertmanager.ts';
import type { Part } from '#local/supervisor/part.ts';
import { dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

export function alertmanagerPart(options: RunOptions): Part {
  const url = urlOf(options, 'alertmanager');
  return {
    name: 'alertmanager',
    half: 'live',
    // Prometheus sends again what nobody took
    dependsOn: [],
    ports: [portOf(options, 'alertmanager')],
    url,
    prepare: async () => ({
      command: await prepareAlertmanager({
        port: portOf(options, 'alertmanager'),
        dataDir: join(dataFolder(options), 'alertmanager'),
        configFile: join(dataFolder(options), 'alertmanager.yml'),
        config: localAlertmanagerYaml(),
      }),
    }),
    check: async () =>
      (await alertmanagerAnswers(url)) ? { kind: 'ready' } : { kind: 'down', detail: 'does not answer yet' },
  };
}
