import { UNITS, type Unit, type UsageUnits } from '../../providers/contract/usage-units.js';

interface TokensOfUnit {
  readonly input: number;
  readonly output: number;
}

/**
 * As many tokens as one unit has with vendors that charge for it by the token: a picture of the
 * largest size and quality has about 6,200, a second of sound between 10 and 32.
 */
const MOST_TOKENS: Readonly<Record<Unit, TokensOfUnit>> = {
  image: { input: 8_192, output: 8_192 },
  audioSecond: { input: 50, output: 10 },
  character: { input: 1, output: 4 },
  search: { input: 0, output: 0 },
  fileSearch: { input: 0, output: 0 },
};

/** The tokens of a call at most that is not counted in characters. */
export function tokensOfUnits(units: UsageUnits | undefined): TokensOfUnit {
  let [input, output] = [0, 0];
  for (const unit of UNITS) {
    const count = units?.[unit] ?? 0;
    input += count * MOST_TOKENS[unit].input;
    output += count * MOST_TOKENS[unit].output;
  }
  return { input, output };
}
