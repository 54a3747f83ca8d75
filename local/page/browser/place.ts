/** What the address holds after `#`, so that a reload or a link shows the same. */
export interface Place {
  readonly symbol: string | undefined;
  readonly view: string | undefined;
}

export function readPlace(): Place {
  const parameters = new URLSearchParams(location.hash.slice(1));
  return { symbol: parameters.get('symbol') ?? undefined, view: parameters.get('view') ?? undefined };
}

export function writePlace(symbol: string | undefined, view: string): void {
  if (symbol === undefined) return;
  history.replaceState(null, '', `#${new URLSearchParams({ symbol, view }).toString()}`);
}
