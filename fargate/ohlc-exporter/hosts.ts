/**
 * Base URLs in order of preference. A host that is out of reach hands over to the next; the list wraps around.
 * One that asked to be left alone is passed over, by everybody who shares this list, until its time is up.
 */
export class Hosts {
  readonly #urls: readonly string[];
  readonly #now: () => number;
  readonly #restUntil = new Map<string, number>();
  #index = 0;

  /** `now` is a monotonic clock in ms. */
  constructor(urls: readonly string[], now: () => number = () => performance.now()) {
    if (urls.length === 0) throw new RangeError('expected at least one host, got none');
    this.#urls = urls;
    this.#now = now;
  }

  /** The one to ask: while all of them rest, the one that is free first. */
  get current(): string {
    const inTurn = [...this.#urls.slice(this.#index), ...this.#urls.slice(0, this.#index)];
    return inTurn.toSorted((a, b) => this.restMs(a) - this.restMs(b))[0] ?? '';
  }

  get count(): number {
    return this.#urls.length;
  }

  /** Moves on from `failed`; does nothing if somebody else has moved on already. */
  skip(failed: string): void {
    if (failed === this.#urls[this.#index]) this.#index = (this.#index + 1) % this.#urls.length;
  }

  /** Back to the most preferred one, for the next planned connection. */
  reset(): void {
    this.#index = 0;
  }

  /** The host asked for silence. */
  rest(url: string, forMs: number): void {
    this.#restUntil.set(url, Math.max(this.#now() + forMs, this.#restUntil.get(url) ?? 0));
  }

  /** The exchange asked this address for silence, whichever host said so. */
  restAll(forMs: number): void {
    for (const url of this.#urls) this.rest(url, forMs);
  }

  /** How long the host still wants to be left alone; 0 when it may be asked. */
  restMs(url: string): number {
    return Math.max(0, (this.#restUntil.get(url) ?? 0) - this.#now());
  }
}
