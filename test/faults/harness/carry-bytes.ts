import type { Socket } from 'node:net';
import type { LinkFault } from './tcp-fault-proxy.ts';

/** Bytes held back before the sender is slowed down as by a full network. */
const HELD_BYTES = 256 * 1024;

/** Carries one direction under whatever fault is on at the moment; returns how to say that the fault has changed. */
export function carry(from: Socket, to: Socket, fault: () => LinkFault | undefined): () => void {
  const held: { readonly bytes: Buffer; readonly at: number }[] = [];
  let heldBytes = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  from.on('data', (bytes: Buffer) => {
    held.push({ bytes, at: performance.now() });
    heldBytes += bytes.length;
    if (heldBytes > HELD_BYTES) from.pause();
    if (timer === undefined) deliver();
  });
  from.on('end', () => {
    ended = true;
    if (timer === undefined) deliver();
  });
  to.on('drain', () => wake());
  to.on('close', () => clearTimeout(timer));

  function deliver(): void {
    timer = undefined;
    for (let next = held[0]; next !== undefined && !to.destroyed; next = held[0]) {
      const now = fault();
      if (now?.kind === 'black-hole') return;
      const waitMs = now?.kind === 'delay' ? next.at + now.ms - performance.now() : 0;
      if (waitMs > 0) return again(waitMs);
      held.shift();
      const bytes = now?.kind === 'drip' ? next.bytes.subarray(0, now.bytes) : next.bytes;
      if (bytes.length < next.bytes.length)
        held.unshift({ ...next, bytes: next.bytes.subarray(bytes.length) });
      heldBytes -= bytes.length;
      if (heldBytes <= HELD_BYTES) from.resume();
      const room = to.write(bytes);
      if (now?.kind === 'drip') return again(now.everyMs);
      if (!room) return; // `drain` goes on
    }
    if (ended && held.length === 0) to.end();
  }
  function again(ms: number): void {
    timer = setTimeout(deliver, ms);
  }
  function wake(): void {
    clearTimeout(timer);
    deliver();
  }
  return wake;
}
