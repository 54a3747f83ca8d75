import { Partitioners } from 'kafkajs';
import type { ICustomPartitioner } from 'kafkajs';

/**
 * Kafka's own choice of a partition by the hash of the key. kafkajs computes that hash with BigInts, which costs more than the
 * candle's JSON does; so each key's is computed once. The keys are the watched symbols, and so are few.
 */
export const symbolPartitioner: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner();
  const known = new Map<string, number>();
  let partitions = 0;
  return (candidate) => {
    const { key } = candidate.message;
    if (typeof key !== 'string') return choose(candidate);
    if (candidate.partitionMetadata.length !== partitions) {
      partitions = candidate.partitionMetadata.length;
      known.clear();
    }
    const before = known.get(key);
    if (before !== undefined) return before;
    const chosen = choose(candidate);
    known.set(key, chosen);
    return chosen;
  };
};
