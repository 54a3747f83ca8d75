import type { Row } from './row.ts';

const BROKERS = 'faults/b-kafka/brokers.faults.ts';
const CREDENTIALS = 'faults/b-kafka/credentials.faults.ts';

export const KAFKA_ROWS: readonly Row[] = [
  {
    row: 'B1',
    fault: 'a broker is restarted gracefully',
    expected: 'a stall, no acknowledged record lost',
    proof: {
      kind: 'test',
      file: BROKERS,
      name: 'B1 a broker is restarted gracefully while candles flow, and no acknowledged record is lost',
      measured: '2 leaders in turn; 180 candles closed, none lost, 5 sent twice (FAULT_SEED=119966458)',
    },
  },
  {
    row: 'B2',
    fault: 'a broker is killed',
    expected: 'a stall, no acknowledged record lost',
    proof: {
      kind: 'test',
      file: BROKERS,
      name: 'B2 a broker is killed while candles flow, and no acknowledged record is lost',
      measured: '2 leaders in turn; 150 candles closed, none lost, 4 sent twice (FAULT_SEED=120051544)',
    },
  },
  {
    row: 'B3',
    fault: 'a broker is frozen for 20 s',
    expected: 'a stall, no acknowledged record lost',
    proof: {
      kind: 'test',
      file: BROKERS,
      name: 'B3 a broker is frozen for 20 s while candles flow, and no acknowledged record is lost',
      measured: '2 leaders in turn; 150 candles closed, none lost, 90 sent twice (FAULT_SEED=120128122)',
    },
  },
  {
    row: 'B4',
    fault: 'two of three brokers are down',
    expected: 'a stall, no acknowledged record lost',
    proof: {
      kind: 'test',
      file: BROKERS,
      name: 'B4 two of three brokers are down: nothing is acknowledged, all of it is sent once they are back',
      measured: '177 s of the exporter; 270 candles closed, none lost, 136 sent twice (FAULT_SEED=120200180)',
    },
  },
  {
    row: 'B5',
    fault: 'all brokers are down',
    expected: 'a stall, no acknowledged record lost',
    proof: {
      kind: 'test',
      file: BROKERS,
      name: 'B5 all brokers are down: nothing is acknowledged, all of it is sent once they are back',
      measured: '133 s of the exporter; 270 candles closed, none lost, 80 sent twice (FAULT_SEED=120338992)',
    },
  },
  {
    row: 'B6',
    fault: 'credentials expire mid-stream',
    expected: 're-authentication, no loss',
    proof: {
      kind: 'test',
      file: CREDENTIALS,
      name: 'B6 credentials expire in the middle of the stream: new ones in time on the same connections, and after a while without any no candle is lost',
      also: [{ file: 'test/fargate/ohlc-exporter/kafka-client.test.ts', name: 'KAFKA_AUTH=iam' }],
      measured:
        'four sessions of 15 s: no connection was made anew; then the credentials were away until sending failed and for two of its minutes more: nothing lost. The tokens are not those of AWS: a stand-in for its signer makes ones that Kafka itself can check',
    },
  },
  {
    row: 'B7',
    fault: 'topic missing, authorisation refused',
    expected: 'fails fast and loud, naming the topic and the action',
    proof: {
      kind: 'test',
      file: CREDENTIALS,
      name: 'B7 a topic that is missing or refused ends the exporter at once, with the topic and the action in its last words',
      measured:
        'no topic, no right to describe it, to read it, or to write to it: each ends the process with its name. A refused consumer group is said at each try, but does not end it: the client shows the same where no coordinator is there yet',
    },
  },
  {
    row: 'B8',
    fault: "retention shorter than the consumer's delay",
    expected: 'a lag alarm long before; the audit finds the hole',
    proof: {
      kind: 'test',
      file: 'faults/b-kafka/retention.faults.ts',
      name: 'B8 retention overtakes a reader that is behind: its lag was told long before, and the offsets it gets have the hole that the audit counts',
      also: [
        { file: 'test/grafana/alert-cases/delivery-cases.ts', name: 'ConsumerLagGrowing' },
        {
          file: 'dbt/models/marts/operations/_mart_pipeline_audit_unit_tests.yml',
          name: 'an_offset_that_never_came_is_counted',
        },
      ],
      measured: 'a lag of 8 records was told; then 10 were gone, and 10 offsets missing',
    },
  },
  {
    row: 'B9',
    fault: 'topic re-created',
    expected: "the connector's epoch rule; nothing skipped silently",
    proof: {
      kind: 'test',
      file: 'local/connect/sink.integ.test.ts',
      name: 'B9 a topic that was made anew begins a new epoch, in which nothing is skipped',
      also: [
        {
          file: 'test/lib/warehouse/warehouse.test.ts',
          name: 'the epoch is the beginning of the UUID of the cluster',
        },
        {
          file: 'test/connectors/candle-sink.test.ts',
          name: 'a new epoch lets every channel of the landing table forget its offset, and says how many',
        },
      ],
    },
  },
];
