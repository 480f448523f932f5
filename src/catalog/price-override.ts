import { PriceFormatError, scaleDecimalExactly } from './decimal.js';
import { completeRates, type Price, type StatedRates } from './price.js';

/**
 * An entry of the configuration file's `prices`: decimal USD, per million tokens unless the name
 * says otherwise, as a string or a number. It replaces the imported price as a whole.
 */
export interface PriceOverride {
  /** `instance/model`. */
  readonly model: string;
  readonly input?: string | number;
  readonly cachedInput?: string | number;
  readonly cacheWrite?: string | number;
  readonly cacheWrite1h?: string | number;
  readonly inputAudio?: string | number;
  readonly output?: string | number;
  readonly outputAudio?: string | number;
  /** USD for each request. */
  readonly perRequest?: string | number;
}

/**
 * The price that an override states. What it leaves out follows from what contains it; without
 * `output`, output has no price and a call that has any is unpriced, as 0 is what says free.
 *
 * @throws PriceFormatError naming the member
 */
export function convertPriceOverride(override: PriceOverride): Price {
  const stated: StatedRates = {
    input: read(override, 'input', 6),
    cacheRead: read(override, 'cachedInput', 6),
    cacheWrite: read(override, 'cacheWrite', 6),
    cacheWrite1h: read(override, 'cacheWrite1h', 6),
    inputAudio: read(override, 'inputAudio', 6),
    inputImage: null,
    output: read(override, 'output', 6),
    outputReasoning: null,
    outputAudio: read(override, 'outputAudio', 6),
  };
  return {
    source: 'override',
    rounded: false,
    rates: completeRates(stated),
    tiers: [],
    perRequestNanoUsd: read(override, 'perRequest', 9) ?? 0,
    webSearchNanoUsd: 0,
  };
}

function read(
  override: PriceOverride,
  member: Exclude<keyof PriceOverride, 'model'>,
  decimals: number,
): number | null {
  const value = override[member];
  if (value === undefined) return null;
  try {
    return scaleDecimalExactly(value, decimals);
  } catch (cause) {
    if (!(cause instanceof PriceFormatError)) throw cause;
    throw new PriceFormatError(`price of ${override.model}, ${member}: ${cause.message}`, {
      cause,
    });
  }
}
