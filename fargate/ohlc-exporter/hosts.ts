/** Base URLs in order of preference. A host that is out of reach hands over to the next; the list wraps around. */
export class Hosts {
  readonly #urls: readonly string[];
  #index = 0;

  constructor(urls: readonly string[]) {
    if (urls.length === 0) throw new RangeError('expected at least one host, got none');
    this.#urls = urls;
  }

  get current(): string {
    return this.#urls[this.#index] ?? '';
  }

  get count(): number {
    return this.#urls.length;
  }

  /** Moves on from `failed`; does nothing if somebody else has moved on already. */
  skip(failed: string): void {
    if (failed === this.current) this.#index = (this.#index + 1) % this.#urls.length;
  }

  /** Back to the most preferred one, for the next planned connection. */
  reset(): void {
    this.#index = 0;
  }
}
