/** As much of Binance's event as the peers in TypeScript look at. */
export interface KlineEvent {
  readonly e: string;
  readonly k: { readonly x: boolean; readonly c: string };
}
