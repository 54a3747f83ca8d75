/** Values of a metric with labels in Prometheus's text format, one for each of its series. */
export function valuesOf(metrics: string, name: string): readonly number[] {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))))
    .filter(Number.isFinite);
}
