import { dashboardSchema } from '#local/page/dashboards/dashboard-schema.ts';
import type { DashboardPanel } from '#local/page/dashboards/dashboard-schema.ts';
import type { PanelData, SeriesField } from '#local/page/dashboards/frame.ts';
import { MINUTE_MS, numbers, panelData, series, START_MS, table, texts, times } from './panel-frames.ts';

export interface Sample {
  readonly panel: DashboardPanel;
  readonly data: PanelData;
  /** In pixels. */
  readonly height: number;
}

const LIST = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: ['max'] };
const RISING = Array.from({ length: 31 }, (_, minute) => minute / 10);
/** Five minutes in the middle are missing. */
const BROKEN = RISING.map((value, minute) => (minute >= 10 && minute < 15 ? undefined : value + 1));

const SIGN = {
  mode: 'absolute',
  steps: [
    { value: null, color: 'red' },
    { value: 0, color: 'green' },
  ],
};

/** One of each panel type, with numbers that a reader can check on the screen. */
export function panelSamples(): Readonly<Record<string, Sample>> {
  return {
    timeseries: {
      height: 240,
      panel: panel('timeseries', 'Latency', { legend: LIST, tooltip: { mode: 'multi', sort: 'desc' } }),
      data: {
        ...panelData(
          series('slow', BROKEN, { unit: 's', custom: { lineWidth: 2, showPoints: 'never' } }),
          series('fast', RISING, { unit: 's', custom: { lineWidth: 2, showPoints: 'never' } }),
        ),
        annotations: [
          {
            timeMs: START_MS + 12 * MINUTE_MS,
            endMs: undefined,
            title: 'Rotation',
            text: 'connection 3',
            tags: [],
            colour: 'purple',
          },
        ],
      },
    },
    bars: {
      height: 200,
      panel: panel('timeseries', 'Trades', { legend: { ...LIST, displayMode: 'table' } }),
      data: panelData(
        ...['buys', 'sells'].map((name) =>
          series(name, [1000, 2000, 3000], {
            unit: 'short',
            custom: { drawStyle: 'bars', fillOpacity: 100, lineWidth: 0, stacking: { mode: 'normal' } },
          }),
        ),
      ),
    },
    stat: {
      height: 120,
      panel: panel('stat', 'Change', { colorMode: 'value', graphMode: 'area' }),
      data: panelData(
        series('up', [0.01, 0.02], { unit: 'percentunit', decimals: 2, thresholds: SIGN }),
        series('down', [-0.01, -0.025], { unit: 'percentunit', decimals: 2, thresholds: SIGN }),
        series('unknown', [null], { unit: 'percentunit', noValue: 'no day yet', thresholds: SIGN }),
      ),
    },
    background: {
      height: 100,
      panel: panel('stat', 'State', { colorMode: 'background', graphMode: 'none' }),
      data: panelData(series('x', [-1], { thresholds: SIGN })),
    },
    bargauge: {
      height: 140,
      panel: panel('bargauge', 'Share', { displayMode: 'basic', orientation: 'horizontal' }),
      data: panelData(
        ...[0.5, 0.25, -1].map((value, place) =>
          series(`symbol ${place}`, [value], { unit: 'percentunit', min: 0, max: 1, thresholds: SIGN }),
        ),
      ),
    },
    candlestick: {
      height: 260,
      panel: panel('candlestick', 'BTCUSDT', { fields: CANDLE_FIELDS }),
      data: candles(),
    },
    table: {
      height: 200,
      panel: panel('table', 'Movers', { footer: { show: true, reducer: ['sum'] } }),
      data: movers(),
    },
    heatmap: {
      height: 220,
      panel: panel('heatmap', 'Spread', {
        calculate: true,
        calculation: { xBuckets: { mode: 'size', value: '10m' }, yBuckets: { mode: 'size', value: '1' } },
        color: { mode: 'scheme', scheme: 'Blues', steps: 8 },
        cellGap: 4,
        yAxis: { unit: 's' },
      }),
      data: panelData(series('a', RISING, { unit: 's' })),
    },
  };
}

const CANDLE_FIELDS = {
  open: 'Value #A',
  high: 'Value #B',
  low: 'Value #C',
  close: 'Value #D',
  volume: 'Value #E',
};

/** Three rise, two fall; a minute between them has none. */
function candles(): PanelData {
  return panelData(
    table(
      times([2, 8, 14, 20, 26]),
      numbers('Value #A', [100, 110, 120, 130, 120]),
      numbers('Value #B', [115, 125, 135, 135, 125]),
      numbers('Value #C', [95, 105, 115, 115, 105]),
      numbers('Value #D', [110, 120, 130, 120, 110], { unit: 'none' }),
      numbers('Value #E', [5, 6, 7, 8, 9], { unit: 'short' }),
    ),
  );
}

function movers(): PanelData {
  const link = { title: 'Open it', url: '/d/live?var-symbol=${__value.raw}' };
  const trend: SeriesField = {
    ...numbers('Trend', [], {
      color: { mode: 'fixed', fixedColor: 'blue' },
      custom: { cellOptions: { type: 'sparkline' } },
    }),
    type: 'frame',
    values: [series('a', [1, 2, 3]), null, series('c', [3, 2, 1])],
  };
  return panelData(
    table(
      texts('Symbol', ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'], { links: [link] }),
      numbers('Change', [0.01, 0.2, -0.03], {
        unit: 'percentunit',
        thresholds: SIGN,
        custom: { cellOptions: { type: 'color-text' } },
      }),
      numbers('Volume', [9e9, null, 4.5e9], {
        unit: 'short',
        min: 0,
        max: 9e9,
        color: { mode: 'continuous-blues' },
        custom: { cellOptions: { type: 'gauge' } },
      }),
      trend,
    ),
  );
}

function panel(type: string, title: string, options: object): DashboardPanel {
  const gridPos = { x: 0, y: 0, w: 12, h: 8 };
  const [parsed] = dashboardSchema.parse({
    uid: 'samples',
    title: 'Samples',
    panels: [{ id: 1, type, title, gridPos, options }],
  }).panels;
  if (!parsed) throw new Error('panel sample: expected one panel, got none');
  return parsed;
}
