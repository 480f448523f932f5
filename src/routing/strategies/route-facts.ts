/** What of a request has a say in where it goes. */
export interface RouteFacts {
  readonly stream: boolean;
  readonly clientId: string;
  /** As the caller names them; null where it does not. */
  readonly session: string | null;
  readonly user: string | null;
  /** A list with commas. */
  readonly tags: string | null;
  /** The provider instance that knows the conversation so far. */
  readonly home: string | undefined;
  /** An estimate. */
  readonly inputTokens: number;
  readonly maxOutputTokens: number | undefined;
}
