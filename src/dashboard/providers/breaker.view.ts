import type { BreakerState } from '../../providers/upstream/breaker.js';

export class ModelBreakerView {
  model!: string;
  state!: BreakerState;
}

/** The breakers of an instance as the API shows them. */
export class BreakerView {
  provider!: string;
  /** The worst of those that follow and the instance's own. */
  state!: BreakerState;
  /** Whether it can open at all. */
  enabled!: boolean;
  /** Those of single models that were called, where the instance has any. */
  models!: ModelBreakerView[];
}
