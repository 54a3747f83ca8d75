/** What clients did, counted since the start. */
export interface Stats {
  /** WebSocket handshakes asked for, whether or not they were granted. */
  handshakes: number;
  refusedHandshakes: number;
  readonly restRequests: Record<string, number>;
}
