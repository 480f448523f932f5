import { NO_USAGE, type TokenUsage } from '../contract/token-usage.js';
import type { SimulatedTally } from './simulated-api.js';

/** What the vendor's tokens mean: its counts are disjoint already. */
export function convertSimulatedUsage(tally: SimulatedTally): TokenUsage {
  return {
    ...NO_USAGE,
    inputUncached: tally.read,
    outputText: tally.written,
    outputReasoning: tally.thought,
    raw: tally,
  };
}
