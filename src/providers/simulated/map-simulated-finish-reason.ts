import type { FinishReason } from '../chat/chat-api.js';
import type { SimulatedEnd } from './simulated-api.js';

const FINISH_REASONS: Readonly<Record<SimulatedEnd, FinishReason>> = {
  finished: 'stop',
  cut: 'length',
  calling: 'tool_calls',
};

/** Why the vendor stopped, in the canonical words. */
export function mapSimulatedFinishReason(why: SimulatedEnd): FinishReason {
  return FINISH_REASONS[why];
}
