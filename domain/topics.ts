/** Closed candles; key = symbol, value = one candle as JSON. */
export const CANDLE_TOPIC = 'candles-1m';

/** What could not be read: value = the raw bytes, headers say why. */
export const DEAD_LETTER_TOPIC = 'candles-1m-dead-letter';

/** Candles that the sink to the warehouse could not read or land: key and value as they were, headers by Kafka Connect. */
export const SINK_DEAD_LETTER_TOPIC = 'candles-1m-sink-dead-letter';

/** Of the consumer groups in which the exporter reads back what it wrote; each is used once. */
export const CURSOR_GROUP_PREFIX = 'ohlc-exporter-cursor-';

/**
 * The consumer group of the function that writes candles to the metrics store. Fixed, as another one would read the topic
 * from its beginning again, and be another one to every alarm.
 */
export const METRICS_CONSUMER_GROUP = 'prometheus-consumer';

/** Kafka Connect puts a sink's name after it for the consumer group. */
export const SINK_GROUP_PREFIX = 'connect-';

/** Headers of a dead letter, all UTF-8 text. */
export const DEAD_LETTER_HEADERS = {
  /** One of the reject reasons. */
  reason: 'reason',
  detail: 'detail',
  /** Where the bytes came from: a host or a URL without its query. */
  origin: 'origin',
  receivedTime: 'receivedTime',
} as const;
