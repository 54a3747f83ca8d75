import { MINUTE_MS } from '#domain/candle.ts';

/**
 * Minutes since 1970 of every first symbol's listing. The recording is younger and repeats into the past as it does
 * into the future, so that months of archives exist on both sides of the change to microseconds.
 */
export const HISTORY_FIRST_MINUTE = Date.parse('2024-06-01T00:00:00Z') / MINUTE_MS;
