import type { Severity } from '#grafana/rules/alert.ts';

/** Who is told of alerts of a severity: Alertmanager's receiver without its name. `{}` tells nobody. */
export type Receivers = Readonly<Record<Severity, Readonly<Record<string, unknown>>>>;

/** Alertmanager's configuration, the same wherever it runs but for the receivers, which are named for their severity. */
export function alertmanagerConfig(receivers: Receivers) {
  return {
    route: {
      receiver: 'warning' satisfies Severity,
      // an outage of the exchange is one message, not one for each symbol
      group_by: ['alertname'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '24h',
      routes: [
        routeOf('critical', { group_wait: '10s', repeat_interval: '4h' }),
        // it is no news that it is still so
        routeOf('info', { group_interval: '15m', repeat_interval: '120h' }),
      ],
    },
    inhibit_rules: [
      inhibit(
        ['ExporterDown', 'ExporterDisconnected'],
        ['CandlesStopped', 'SymbolStale', 'LiveLatencyHigh', 'MinutesOpen'],
      ),
      inhibit(['CandlesStopped'], ['SymbolStale', 'SymbolNotStored', 'LiveLatencyHigh']),
      // what the market does is not known then
      {
        source_matchers: [named(['ExporterDown', 'ExporterDisconnected', 'CandlesStopped'])],
        target_matchers: ['severity = "info"'],
      },
      // the numbers of quality come at the end of its runs
      {
        source_matchers: [named(['DagMissed']), 'dag = "market_models"'],
        target_matchers: [named(['QualityUnknown'])],
      },
    ],
    receivers: Object.entries(receivers).map(([name, configs]) => ({ name, ...configs })),
  };
}

function routeOf(severity: Severity, times: Readonly<Record<string, string>>) {
  return { matchers: [`severity = "${severity}"`], receiver: severity, ...times };
}

/** While the first fire, nobody is told of the others, which are what the first bring with them. */
function inhibit(sources: readonly string[], targets: readonly string[]) {
  return { source_matchers: [named(sources)], target_matchers: [named(targets)] };
}

function named(alerts: readonly string[]): string {
  return `alertname =~ "${alerts.join('|')}"`;
}
