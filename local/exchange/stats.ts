/** What clients did, counted since the start. */
export interface Stats {
  /** WebSocket handshakes asked for, whether or not they were granted. */
  handshakes: number;
  refusedHandshakes: number;
  /** Files and CHECKSUMs asked for. */
  archiveRequests: number;
  readonly restRequests: Record<string, number>;
}
