/** What a connection may cost before anybody has looked at the request. */
export interface HttpLimits {
  readonly maxHeaderBytes: number;
  /** Until the last header has arrived. */
  readonly headersTimeoutMs: number;
  /** Until the last byte of the body has arrived. */
  readonly requestTimeoutMs: number;
}
