import type { GroupCases } from './alert-case.ts';

const up = (task: string) => `up{job="ohlc-exporter",task="${task}"}`;
const ofTask = (metric: string, task: string) => `crypto_exporter_${metric}{task="${task}"}`;
const withReason = (metric: string, reason: string, task: string) =>
  `crypto_exporter_${metric}{reason="${reason}",task="${task}"}`;

export const EXPORTER_CASES: GroupCases = {
  ExporterDown: {
    fires: {
      series: { [up('a')]: '1x3 0x20' },
      quietAtMinute: 8,
      atMinute: 9,
      firing: [{ summary: 'no exporter answers' }],
    },
    quiet: { series: { [up('a')]: '1x3 0x3 1x20' }, atMinute: 9 },
    nasty: {
      'the old task of a deployment ends, the new one answers': {
        series: { [up('a')]: '1x3 0x20', [up('b')]: '_x2 1x30' },
        atMinute: 12,
      },
      'it was never heard of': { series: {}, atMinute: 6, firing: [{ summary: 'no exporter answers' }] },
    },
  },
  ExporterDisconnected: {
    fires: {
      series: { [ofTask('connections', 'a')]: '2x3 0x20' },
      quietAtMinute: 6,
      atMinute: 7,
      firing: [{ summary: 'the exporter has no connection to the exchange' }],
    },
    quiet: { series: { [ofTask('connections', 'a')]: '2x3 0x2 1x20' }, atMinute: 7 },
    nasty: {
      'a new task is connected while the old one is ending': {
        series: { [ofTask('connections', 'a')]: '2x3 0x20', [ofTask('connections', 'b')]: '1x30' },
        atMinute: 10,
      },
    },
  },
  ExporterRestarting: {
    fires: {
      series: { [ofTask('frames_total', 'a')]: '100 0 100 0 100 0 100 0 100x30' },
      quietAtMinute: 11,
      atMinute: 15,
      firing: [{ summary: 'the exporter began 5 times within an hour' }],
    },
    quiet: { series: { [ofTask('frames_total', 'a')]: '100 0 100 0 100 0 100x30' }, atMinute: 15 },
    nasty: {
      'two deployments within the hour': {
        series: {
          [ofTask('frames_total', 'a')]: '5+5x20',
          [ofTask('frames_total', 'b')]: '_x18 0+5x20',
          [ofTask('frames_total', 'c')]: '_x38 0+5x20',
        },
        atMinute: 55,
      },
      'a task that can not stay is replaced again and again': {
        series: {
          [ofTask('frames_total', 'a')]: '1 2',
          [ofTask('frames_total', 'b')]: '_x5 1 2',
          [ofTask('frames_total', 'c')]: '_x10 1 2',
          [ofTask('frames_total', 'd')]: '_x15 1 2',
          [ofTask('frames_total', 'e')]: '_x20 1 2',
        },
        atMinute: 30,
        firing: [{ summary: 'the exporter began 5 times within an hour' }],
      },
    },
  },
  ExporterReconnecting: {
    fires: {
      series: { [withReason('reconnects_total', 'silence', 'a')]: '0x3 8x40' },
      quietAtMinute: 8,
      atMinute: 20,
      firing: [
        {
          labels: { reason: 'silence' },
          summary: 'connections were lost 8 times within 30 minutes: silence',
        },
      ],
    },
    quiet: {
      series: { [withReason('reconnects_total', 'silence', 'a')]: '0x10 1x2 2x2 3x2 4x20' },
      atMinute: 35,
    },
    nasty: {
      'it restarts with a long past': {
        series: { [withReason('reconnects_total', 'closed', 'a')]: '400x20 0x20' },
        atMinute: 35,
      },
    },
  },
  PublishFailing: {
    fires: {
      series: { [ofTask('publish_failures_total', 'a')]: '0+1x40' },
      quietAtMinute: 10,
      atMinute: 20,
      firing: [{ summary: 'Kafka did not acknowledge 10 batches within 10 minutes' }],
    },
    quiet: { series: { [ofTask('publish_failures_total', 'a')]: '0x5 5x40' }, atMinute: 14 },
    nasty: {
      'a new process counts from 0 again': {
        series: { [ofTask('publish_failures_total', 'a')]: '90x10 0x30' },
        atMinute: 15,
      },
    },
  },
  DeadLettersLost: {
    fires: {
      series: { [ofTask('dead_letters_lost_total', 'a')]: '0x30 1x40' },
      atMinute: 60,
      firing: [{ summary: '1 unreadable frames are lost, since not even the dead-letter queue had room' }],
    },
    quiet: { series: { [ofTask('dead_letters_lost_total', 'a')]: '3x70' }, atMinute: 60 },
    nasty: {
      'a new task counts from 0 beside the old one': {
        series: {
          [ofTask('dead_letters_lost_total', 'a')]: '3x40',
          [ofTask('dead_letters_lost_total', 'b')]: '_x38 0x40',
        },
        atMinute: 60,
      },
    },
  },
  FramesRejected: {
    fires: {
      series: { [withReason('rejected_total', 'bad-json', 'a')]: '0+1x40' },
      atMinute: 20,
      firing: [{ labels: { reason: 'bad-json' }, summary: '15 frames or rows could not be read: bad-json' }],
    },
    quiet: { series: { [withReason('rejected_total', 'bad-json', 'a')]: '0x2 7x40' }, atMinute: 20 },
    nasty: {
      'scrapes are missing while nothing happens': {
        series: { [withReason('rejected_total', 'bad-json', 'a')]: '7x4 _x8 7x40' },
        atMinute: 20,
      },
    },
  },
  MinutesOpen: {
    fires: {
      series: { 'crypto_exporter_missing_minutes_open{class="pending",task="a"}': '0x3 12x40' },
      quietAtMinute: 33,
      atMinute: 36,
      firing: [
        {
          summary: '12 missing minutes have not been filled for half an hour',
        },
      ],
    },
    quiet: {
      series: { 'crypto_exporter_missing_minutes_open{class="pending",task="a"}': '0x3 12x25 0x20' },
      atMinute: 36,
    },
    nasty: {
      'what the exchange does not have itself': {
        series: {
          'crypto_exporter_missing_minutes_open{class="exchange",task="a"}': '30x60',
          'crypto_exporter_missing_minutes_open{class="pending",task="a"}': '0x60',
        },
        atMinute: 50,
      },
      'a new task has filled what the old one has not': {
        series: {
          'crypto_exporter_missing_minutes_open{class="pending",task="a"}': '12x60',
          'crypto_exporter_missing_minutes_open{class="pending",task="b"}': '_x20 0x60',
        },
        atMinute: 50,
      },
    },
  },
  MinutesLeftToArchive: {
    fires: {
      series: { [ofTask('missing_minutes_left_total', 'a')]: '0x3 5x70' },
      atMinute: 20,
      firing: [{ summary: '5 missing minutes were given up by the exporter' }],
    },
    quiet: { series: { [ofTask('missing_minutes_left_total', 'a')]: '0 5x90' }, atMinute: 62 },
    nasty: {
      'it restarts': {
        series: { [ofTask('missing_minutes_left_total', 'a')]: '5x30 0x60' },
        atMinute: 60,
      },
    },
  },
  ClockOff: {
    fires: {
      series: { [ofTask('clock_offset_seconds', 'a')]: '-3x30' },
      quietAtMinute: 9,
      atMinute: 16,
      firing: [{ summary: "the exporter's clock is 3s off the exchange's" }],
    },
    quiet: { series: { [ofTask('clock_offset_seconds', 'a')]: '-1.9x30' }, atMinute: 16 },
    nasty: {
      'a replay of the past catches up': {
        series: { [ofTask('clock_offset_seconds', 'a')]: '-3300+60x40' },
        atMinute: 30,
      },
      'a new task has a clock that is right': {
        series: {
          [ofTask('clock_offset_seconds', 'a')]: '-3x30',
          [ofTask('clock_offset_seconds', 'b')]: '_x8 0.01x30',
        },
        atMinute: 16,
      },
    },
  },
};
