/** Money set aside for one request, in every budget that it counts in. */
export interface Hold {
  /** Null where no budget concerns the request. */
  readonly reservedNanoUsd: number | null;
  /**
   * As many output tokens as the held money pays for, where that is less than what was asked for;
   * absent otherwise.
   */
  readonly maxOutputTokens?: number | undefined;
  /** Sets the money free; what the request cost counts from now on. Exactly once; never throws. */
  settle(costNanoUsd: number | null): void;
}

export const NOTHING_HELD: Hold = { reservedNanoUsd: null, settle: () => undefined };
