import { readCase } from '#bench/run/contestant.ts';
import { FRAMES_PER_CANDLE, symbolNames, updateOf } from './market.ts';
import { roomIn, serveMarket, textHeader } from './serve-market.ts';
import type { Reader } from './serve-market.ts';

/** All frames as fast as a client reads them, made beforehand. */
const { symbols: count, frames } = readCase('symbols', 'frames');
const symbols = symbolNames(count);
const minutes = frames / count / FRAMES_PER_CANDLE;
const made = new Map<string, readonly Buffer[]>();

/** About as much as a socket takes at once. */
const WRITE_BYTES = 64 * 1024;

console.log(await serveMarket({ symbols, nowMs: Date.now, send }));

async function send({ socket, combined, subscribed }: Reader): Promise<void> {
  const writes = writesFor(
    [...subscribed].toSorted((a, b) => a - b),
    combined,
  );
  for (const bytes of writes) {
    if (socket.destroyed) return;
    if (!socket.write(bytes)) await roomIn(socket);
  }
}

/**
 * All that one connection gets, kept for the next contestant that asks for the same. Each write is of whole frames, since
 * the answer to a ping may come between two of them.
 */
function writesFor(indexes: readonly number[], combined: boolean): readonly Buffer[] {
  const key = `${combined} ${indexes.join(' ')}`;
  const known = made.get(key);
  if (known) return known;
  const writes: Buffer[] = [];
  let parts: Buffer[] = [];
  let bytes = 0;
  const cut = () => {
    writes.push(Buffer.concat(parts));
    parts = [];
    bytes = 0;
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let update = 0; update < FRAMES_PER_CANDLE; update += 1) {
      for (const index of indexes) {
        const { combined: whole, raw } = updateOf(symbols[index] ?? '', index, minute, update);
        const payload = combined ? whole : raw;
        parts.push(textHeader(payload.length), payload);
        bytes += payload.length;
        if (bytes > WRITE_BYTES) cut();
      }
    }
  }
  cut();
  made.set(key, writes);
  return writes;
}
