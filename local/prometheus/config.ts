/** A Prometheus job: who is scraped, and under which name. */
export interface ScrapeTarget {
  readonly job: string;
  readonly port: number;
}

/** The store's configuration: Amazon's out-of-order window widened to the hour of history it accepts. JSON is YAML. */
export function prometheusConfig(targets: readonly ScrapeTarget[]): string {
  const config = {
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '15s' },
    storage: { tsdb: { out_of_order_time_window: '1h' } },
    scrape_configs: targets.map(({ job, port }) => ({
      job_name: job,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
