import type { Row } from './row.ts';
import { CONSUMER_ROWS } from './rows-consumer.ts';
import { EXPORTER_ROWS } from './rows-exporter.ts';
import { KAFKA_ROWS } from './rows-kafka.ts';
import { WAREHOUSE_ROWS } from './rows-warehouse.ts';

/** The matrix of faults, as data: what can go wrong, what is expected of it, and where that is proved. */
export const SECTIONS: readonly {
  readonly letter: string;
  readonly name: string;
  readonly rows: readonly Row[];
}[] = [
  { letter: 'A', name: 'The exporter', rows: EXPORTER_ROWS },
  { letter: 'B', name: 'Kafka', rows: KAFKA_ROWS },
  { letter: 'C', name: 'From Kafka to the metrics store', rows: CONSUMER_ROWS },
  {
    letter: 'D',
    name: 'Kafka Connect and the warehouse',
    rows: WAREHOUSE_ROWS.filter(({ row }) => row.startsWith('D')),
  },
  { letter: 'E', name: 'Airflow and dbt', rows: WAREHOUSE_ROWS.filter(({ row }) => row.startsWith('E')) },
  { letter: 'F', name: 'Provisioning', rows: WAREHOUSE_ROWS.filter(({ row }) => row.startsWith('F')) },
];
