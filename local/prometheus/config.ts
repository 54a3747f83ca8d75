/** A Prometheus job: who is scraped, and under which name. */
interface ScrapeTarget {
  readonly job: string;
  readonly port: number;
}

export interface PrometheusSettings {
  /** @default none, which suits tests that only write and query */
  readonly targets?: readonly ScrapeTarget[];
  /** @default 5 */
  readonly scrapeIntervalSeconds?: number;
  /** A rule file, and the port of the Alertmanager that is told of its alerts. @default none */
  readonly alerting?: { readonly rulesFile: string; readonly alertmanagerPort: number };
}

/** The store's configuration: Amazon's out-of-order window widened to the hour of history it accepts. JSON is YAML. */
export function prometheusConfig({
  targets = [],
  alerting,
  scrapeIntervalSeconds = 5,
}: PrometheusSettings): string {
  const config = {
    global: {
      scrape_interval: `${scrapeIntervalSeconds}s`,
      scrape_timeout: `${scrapeIntervalSeconds * 800}ms`,
      evaluation_interval: '15s',
    },
    storage: { tsdb: { out_of_order_time_window: '1h' } },
    scrape_configs: targets.map(({ job, port }) => ({
      job_name: job,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
    ...(alerting && {
      rule_files: [alerting.rulesFile],
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alerting.alertmanagerPort}`] }] }],
      },
    }),
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
