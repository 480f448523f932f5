import type { Modality, ProviderModel } from '../contract/provider.js';
import type { SimulatedBehaviour, SimulatedPace } from './simulated-api.js';
import type { SimulatedSettings } from './simulated-settings.js';

const BEHAVIOURS: readonly SimulatedBehaviour[] = [
  'echo',
  'markdown',
  'tools',
  'reasoning',
  'slow',
  'error-429',
  'error-500',
  'error-timeout',
  'error-mid-stream',
  'error-malformed',
];

/** The one that makes vectors, and cannot chat. */
export const EMBEDDING_MODEL = 'embed';

const SLOW_WITH_NUMBERS = /^slow-(\d{1,6})ms-([1-9]\d{0,5})cps$/;

export const SIMULATED_MODELS: readonly ProviderModel[] = [
  ...BEHAVIOURS.map((id): ProviderModel => {
    return {
      ...describe(id, 'text'),
      tools: id === 'tools',
      reasoning: id === 'reasoning',
      structuredOutput: true,
    };
  }),
  describe(EMBEDDING_MODEL, 'embedding'),
];

function describe(id: string, output: Modality): ProviderModel {
  return { id, created: 0, ownedBy: 'simulated', inputs: ['text'], outputs: [output] };
}

/**
 * How a model behaves, or undefined when there is none of that name. `slow-500ms-20cps` is `slow`
 * with its own time to the first chunk and chunks per second.
 */
export function findSimulatedModel(
  model: string,
  settings: SimulatedSettings,
): { behaviour: SimulatedBehaviour; pace: SimulatedPace } | undefined {
  const numbers = SLOW_WITH_NUMBERS.exec(model);
  if (numbers) {
    const pace = { firstMs: Number(numbers[1]), perSecond: Number(numbers[2]) };
    return { behaviour: 'slow', pace };
  }
  const behaviour = BEHAVIOURS.find((name) => name === model);
  return behaviour && { behaviour, pace: paceOf(behaviour, settings) };
}

function paceOf(behaviour: SimulatedBehaviour, settings: SimulatedSettings): SimulatedPace {
  if (behaviour === 'error-timeout') return { firstMs: Infinity };
  if (behaviour !== 'slow') return { firstMs: 0 };
  return { firstMs: settings.slowFirstChunkMs, perSecond: settings.slowChunksPerSecond };
}
