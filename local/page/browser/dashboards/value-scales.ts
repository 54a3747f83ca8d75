import uPlot from 'uplot';
import { formatOf, withoutZeros, written } from './units.ts';
import { valueAxis } from './plot-axes.ts';
import type { Series } from './time-series-shape.ts';

/** One scale for all series that measure the same in the same bounds; the first on the left, any other on the right. */
export function scalesOf(series: readonly Series[]): {
  readonly scales: Readonly<Record<string, uPlot.Scale>>;
  readonly axes: uPlot.Axis[];
  readonly keyOf: (series: Series) => string;
} {
  const groups = Map.groupBy(series, scaleKey);
  const keys = [...groups.keys()];
  const scales: Record<string, uPlot.Scale> = {};
  const axes = keys.flatMap((key, place) => {
    const [first] = groups.get(key) ?? [];
    if (!first) return [];
    scales[key] = scaleOf(groups.get(key) ?? []);
    const { axisPlacement, axisLabel } = first.style;
    const right = axisPlacement === 'right' || (axisPlacement === 'auto' && place > 0);
    const { unit = 'none', decimals } = first.field.config;
    const format = formatOf(unit);
    return [
      valueAxis(
        key,
        (value, ofStep) =>
          written(
            typeof decimals === 'number'
              ? format(value, ofStep ?? decimals)
              : withoutZeros(format(value, ofStep)),
          ),
        {
          right,
          hidden: axisPlacement === 'hidden',
          grid: place === 0,
          label: axisLabel,
        },
      ),
    ];
  });
  return { scales, axes, keyOf: scaleKey };
}

function scaleKey({ field: { config }, style }: Series): string {
  const { axisPlacement, axisSoftMin, axisSoftMax, scaleDistribution: scale } = style;
  return JSON.stringify([
    config.unit,
    config.min,
    config.max,
    axisPlacement,
    axisSoftMin,
    axisSoftMax,
    scale,
  ]);
}

/** Room above and below what is drawn, as a share of it. */
const ROOM = 0.1;

function scaleOf(series: readonly Series[]): uPlot.Scale {
  const [first] = series;
  const { config } = first?.field ?? {};
  const { axisSoftMin, axisSoftMax, axisCenteredZero, scaleDistribution } = first?.style ?? {};
  const { type, log = 10, linearThreshold = 1 } = scaleDistribution ?? {};
  if (type === 'log') {
    return { distr: 3, log, range: (_, min, max) => fixed(uPlot.rangeLog(min, max, log, true), config) };
  }
  if (type === 'symlog') {
    return {
      distr: 4,
      asinh: linearThreshold,
      range: (_, min, max) => fixed(uPlot.rangeAsinh(min, max, log, true), config),
    };
  }
  // What stands on zero has to show it: bars, and what is stacked.
  const fromZero = series.some(({ style }) => style.drawStyle === 'bars' || style.stacking.mode !== 'none');
  const percent = series.some(({ style }) => style.stacking.mode === 'percent');
  return {
    range(_, dataMin, dataMax) {
      if (percent) return [0, 1];
      const [low, high] = fromZero ? [Math.min(0, dataMin), Math.max(0, dataMax)] : [dataMin, dataMax];
      const range = uPlot.rangeNum(low ?? 0, high ?? 1, {
        min: { pad: ROOM, soft: axisSoftMin ?? 0, mode: axisSoftMin === undefined ? 3 : 1 },
        max: { pad: ROOM, soft: axisSoftMax ?? 0, mode: axisSoftMax === undefined ? 3 : 1 },
      });
      const furthest = Math.max(Math.abs(range[0] ?? 0), Math.abs(range[1] ?? 0));
      return fixed(axisCenteredZero ? [-furthest, furthest] : range, config);
    },
  };
}

/** What the configuration fixes holds over what the data would give. */
function fixed(
  [low, high]: uPlot.Range.MinMax,
  config: Series['field']['config'] | undefined,
): [number, number] {
  const min = config?.min ?? low ?? 0;
  const max = config?.max ?? high ?? 1;
  return max > min ? [min, max] : [min, min + 1];
}
