import type { Figures, Observer } from '../../common/metrics/figures.js';
import { LabelTree } from '../../common/metrics/label-tree.js';
import type { Sum } from '../../common/metrics/sums.js';
import type { UsageEntry } from '../usage-entry.js';
import {
  COST,
  DURATION_BUCKETS,
  ESTIMATED,
  FIRST_CHUNK,
  REQUEST_DURATION,
  TOKENS,
  UNPRICED,
} from './usage-figure-list.js';

interface ModelSums {
  readonly cost: Sum;
  readonly unpriced: Sum;
  readonly estimated: Sum;
  readonly input: Sum;
  readonly cachedInput: Sum;
  readonly cacheWrite: Sum;
  readonly output: Sum;
  readonly reasoning: Sum;
  readonly duration: Observer;
  readonly firstChunk: Observer;
}

/** What is added up for each model of each provider; one look-up per request. */
export class ModelFigures {
  readonly #models = new LabelTree<ModelSums>();
  readonly #create: (provider: string, model: string) => ModelSums;

  constructor(figures: Figures) {
    const cost = figures.addCounter(COST);
    const unpriced = figures.addCounter(UNPRICED);
    const estimated = figures.addCounter(ESTIMATED);
    const tokens = figures.addCounter(TOKENS);
    const durations = figures.addHistogram(REQUEST_DURATION, DURATION_BUCKETS);
    const firstChunks = figures.addHistogram(FIRST_CHUNK, DURATION_BUCKETS);
    this.#create = (provider, model) => ({
      cost: cost.of(provider, model),
      unpriced: unpriced.of(provider, model),
      estimated: estimated.of(provider, model),
      input: tokens.of(provider, model, 'input'),
      cachedInput: tokens.of(provider, model, 'cached_input'),
      cacheWrite: tokens.of(provider, model, 'cache_write'),
      output: tokens.of(provider, model, 'output'),
      reasoning: tokens.of(provider, model, 'reasoning'),
      duration: durations({ provider, model }),
      firstChunk: firstChunks({ provider, model }),
    });
  }

  /** @param model as it is labelled */
  count(entry: UsageEntry, model: string): void {
    const sums = this.#sumsOf(entry.provider, model);
    if (entry.costNanoUsd === null) sums.unpriced.value += 1;
    else sums.cost.value += entry.costNanoUsd;
    if (entry.estimated) sums.estimated.value += 1;
    sums.input.value += entry.inputTokens;
    sums.cachedInput.value += entry.cachedInputTokens;
    sums.cacheWrite.value += entry.cacheWriteTokens + entry.cacheWrite1hTokens;
    sums.output.value += entry.outputTokens;
    sums.reasoning.value += entry.reasoningTokens;
    if (entry.latencyMs !== null) sums.duration.observe(entry.latencyMs / 1000);
    if (entry.firstChunkMs !== null) sums.firstChunk.observe(entry.firstChunkMs / 1000);
  }

  #sumsOf(provider: string, model: string): ModelSums {
    const node = this.#models.at(provider).at(model);
    return (node.value ??= this.#create(provider, model));
  }
}
