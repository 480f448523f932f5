/** A request's place within its limits. */
export interface Permit {
  /** `x-ratelimit-*` of the limit that is nearest to its end; empty where nothing is limited. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the request used in the end, in place of what was taken for it. At most once; never throws. */
  used(tokens: number): void;
  /**
   * Gives the slots back, and the tokens of a request of which nothing was said to be used. To be
   * called exactly once; never throws.
   */
  close(): void;
  /** Before `used`: gives everything back, because the request is refused after all. Never throws. */
  undo(): void;
}

/** Where nothing is limited. */
export const OPEN_PERMIT: Permit = {
  headers: {},
  used: () => undefined,
  close: () => undefined,
  undo: () => undefined,
};
