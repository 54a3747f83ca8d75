import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';

/** One connection for the time of the work; throws while the broker does not answer. */
export async function askBroker<T>(brokers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = quietKafka(brokers).admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** No log of its own: the caller asks again and says what is wrong. */
function quietKafka(brokers: string): Kafka {
  return new Kafka({
    clientId: 'local-supervisor',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  });
}
