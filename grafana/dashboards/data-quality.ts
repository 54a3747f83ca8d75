import * as units from '@grafana/grafana-foundation-sdk/units';
import { QUALITY_METRICS } from '#domain/metrics.ts';
import type { GapClass } from '#domain/metrics.ts';
import { bars, lines } from './graph-panel.ts';
import { line, section } from './page.ts';
import type { Page } from './page.ts';
import { over } from './queries.ts';
import { stat } from './stat-panel.ts';
import { choiceVariable, labelsVariable } from './variables.ts';

type QualityMetric = keyof typeof QUALITY_METRICS;
const OURS: GapClass = 'ours';

/** How whole the warehouse is, by its own count. */
export const dataQuality: Page = {
  uid: 'crypto-data-quality',
  title: 'Data quality',
  description:
    'What the warehouse has against what it should have, as its quality mart counted it after each build of the models.',
  from: 'now-24h',
  refresh: '5m',
  variables: [
    choiceVariable('window', ['today', 'yesterday'], {
      title: 'Day',
      description: 'The UTC day that is counted: today so far, or the whole of yesterday',
    }),
    labelsVariable('symbol', QUALITY_METRICS.expectedMinutes.name, {
      title: 'Symbol',
      description: 'Which markets are counted',
    }),
  ],
  sections: [
    section('Now', line(4, completeness(), missingOurs(), late(), corrected(), exportAge())),
    section(
      'Minutes',
      line(9, expectedAndPresent(), missingByClass()),
      line(9, worstSymbols(), landingLag()),
    ),
    section('What came late or changed', line(8, lateBySymbol(), correctedBySymbol(), healedBySymbol())),
    section('Kafka to warehouse', line(8, missingOffsets(), duplicateRows(), landingAge())),
  ],
};

/** The newest export of the last half hour; they are ten minutes apart. */
function newest(selector: string): string {
  return `last_over_time(${selector}[30m])`;
}

function ofDay(metric: QualityMetric, more = ''): string {
  return newest(`${QUALITY_METRICS[metric].name}{symbol=~"$symbol",window="$window"${more}}`);
}

function ofTopics(metric: QualityMetric): string {
  return newest(QUALITY_METRICS[metric].name);
}

function completeness() {
  return stat(
    {
      title: 'Complete',
      description:
        'Minutes that have a candle, of all that are expected. What the exchange itself lacks counts as missing.',
      unit: units.PercentUnit,
      thresholds: [
        [0.999, 'yellow'],
        [1, 'green'],
      ],
      below: 'red',
    },
    over(`sum(${ofDay('presentMinutes')}) / (sum(${ofDay('expectedMinutes')}) > 0)`),
  ).decimals(3);
}

function missingOurs() {
  return stat(
    {
      title: 'Missing, ours to fill',
      description:
        'Minutes that the exchange has and the warehouse has not. heal_gaps fills them every hour.',
      unit: units.Short,
      thresholds: [
        [1, 'yellow'],
        [60, 'red'],
      ],
    },
    over(`sum(${ofDay('missingMinutes', `,class="${OURS}"`)})`),
  );
}

function late() {
  return stat(
    {
      title: 'Late',
      description: 'Minutes that landed later than they should have, and are there now.',
      unit: units.Short,
    },
    over(`sum(${ofDay('lateMinutes')})`),
  );
}

function corrected() {
  return stat(
    {
      title: 'Corrected',
      description:
        'Minutes whose numbers the archive or REST gave otherwise than the stream; the later source wins.',
      unit: units.Short,
    },
    over(`sum(${ofDay('correctedMinutes')})`),
  );
}

function exportAge() {
  return stat(
    {
      title: 'Counted',
      description: 'Time since the warehouse was last counted. Above half an hour the models are not built.',
      unit: units.Seconds,
      thresholds: [
        [1_200, 'yellow'],
        [1_800, 'red'],
      ],
      noValue: 'not yet',
    },
    over(`time() - max(last_over_time(${QUALITY_METRICS.exportTime.name}[1d]))`),
  ).decimals(0);
}

function expectedAndPresent() {
  return lines(
    {
      title: 'Expected and present',
      description: 'Minutes of the day so far, of all chosen symbols. Apart: something is missing.',
      unit: units.Short,
    },
    over(`sum(${ofDay('expectedMinutes')})`, 'expected'),
    over(`sum(${ofDay('presentMinutes')})`, 'present'),
  );
}

function missingByClass() {
  return lines(
    {
      title: 'Missing by class',
      description:
        'Why minutes are missing: ours are filled from the archive or REST, of the exchange it has none itself, delisted are of symbols that do not trade any more.',
      unit: units.Short,
    },
    over(`sum by (class) (${ofDay('missingMinutes')})`, '{{class}}'),
  );
}

function worstSymbols() {
  return lines(
    {
      title: 'Symbols that miss most',
      description: 'The five symbols with the most minutes that are ours to fill.',
      unit: units.Short,
    },
    over(`topk(5, sum by (symbol) (${ofDay('missingMinutes', `,class="${OURS}"`)}))`, '{{symbol}}'),
  );
}

function landingLag() {
  return lines(
    {
      title: 'Close to warehouse',
      description:
        "From a candle's close to its row in the landing table: of the day's minutes the quantile, of the symbols the worst.",
      unit: units.Seconds,
    },
    over(`max by (quantile) (${ofDay('landingLag')})`, '{{quantile}}'),
  );
}

function lateBySymbol() {
  return bars(
    { title: 'Late', description: 'Minutes that landed late, by symbol.', unit: units.Short },
    over(`topk(10, sum by (symbol) (${ofDay('lateMinutes')}))`, '{{symbol}}'),
  );
}

function correctedBySymbol() {
  return bars(
    {
      title: 'Corrected',
      description: 'Minutes whose numbers a later source corrected, by symbol.',
      unit: units.Short,
    },
    over(`topk(10, sum by (symbol) (${ofDay('correctedMinutes')}))`, '{{symbol}}'),
  );
}

function healedBySymbol() {
  return bars(
    {
      title: 'Healed',
      description: 'Minutes that the stream missed and history filled, by symbol.',
      unit: units.Short,
    },
    over(`topk(10, sum by (symbol) (${ofDay('healedMinutes')}))`, '{{symbol}}'),
  );
}

function missingOffsets() {
  return lines(
    {
      title: 'Offsets that did not land',
      description:
        'Records of Kafka between the first and the last that landed which are not in the landing table. Above 0 for half an hour: they are in the dead letters, or lost.',
      unit: units.Short,
      thresholds: [[1, 'red']],
    },
    over(`sum by (topic, partition) (${ofTopics('missingOffsets')})`, '{{topic}} {{partition}}'),
  );
}

function duplicateRows() {
  return lines(
    {
      title: 'Rows landed twice',
      description: 'Deliveries that were repeated; harmless, as the models keep one row of each candle.',
      unit: units.Short,
    },
    over(`sum by (topic, partition) (${ofTopics('duplicateRows')})`, '{{topic}} {{partition}}'),
  );
}

function landingAge() {
  return lines(
    {
      title: 'Since the last landed row',
      description: 'Age of the newest row of each partition at the count.',
      unit: units.Seconds,
      thresholds: [[600, 'red']],
    },
    over(`max by (topic, partition) (${ofTopics('lastLandingAge')})`, '{{topic}} {{partition}}'),
  );
}
