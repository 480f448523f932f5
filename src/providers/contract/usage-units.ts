/**
 * What vendors charge for beside tokens:
 * - `image`: pictures made
 * - `audioSecond`: seconds of sound heard, a begun one as a whole
 * - `character`: characters spoken, as Unicode code points
 * - `search`: units of a rerank, as the vendor bills them
 * - `fileSearch`: calls of the vendor's own file search
 */
export const UNITS = ['image', 'audioSecond', 'character', 'search', 'fileSearch'] as const;

export type Unit = (typeof UNITS)[number];

/** Counts of them. A unit that is absent was not counted, which is not the same as 0. */
export interface UsageUnits extends Readonly<Partial<Record<Unit, number>>> {
  /** Of the pictures, as the vendor names it, such as `1024x1024`. */
  readonly imageSize?: string;
  /** Likewise, such as `high`. */
  readonly imageQuality?: string;
}
