import type { Connection } from './connection.ts';
import type { Fault } from './fault.ts';
import { brokenFrame, verbatimFrame } from './frames.ts';

/** True for a fault that is over as soon as it has happened. */
export function strikeAtOnce(fault: Fault, connections: ReadonlySet<Connection>): boolean {
  switch (fault.kind) {
    case 'drop':
      for (const connection of connections) connection.drop(fault.code);
      return true;
    case 'shutdown':
      for (const connection of connections) connection.shutDown(fault.closeAfterMs);
      return true;
    case 'huge':
      sendAll(connections, 'x'.repeat(fault.bytes));
      return true;
    case 'malformed': {
      if (fault.when === 'instead-of-closed') return false;
      const [symbol = 'BTCUSDT'] = fault.symbols ?? [];
      for (let i = 0; i < fault.count; i++) sendAll(connections, fault.text ?? brokenFrame(symbol));
      return true;
    }
    default:
      return false;
  }
}

function sendAll(connections: ReadonlySet<Connection>, text: string): void {
  const frame = verbatimFrame(text);
  for (const connection of connections) connection.send(frame);
}
