/**
 * - `healthy`
 * - `degraded`: gets worse; asked after healthy ones
 * - `disabled`: found unable to answer
 */
export type HealthState = 'healthy' | 'degraded' | 'disabled';

/** Also `off`: taken out by hand. */
export type TargetState = HealthState | 'off';

/**
 * What is said of provider instances and of single models there: what health has found, and whom a
 * person has taken out. Neither undoes the other: who is taken out stays so whatever is found
 * meanwhile, and is again as it was found when it is put back.
 */
export class TargetStates {
  /** By instance or `instance/model`; healthy ones are not in it. */
  readonly #found = new Map<string, HealthState>();
  readonly #out = new Set<string>();

  /** Health's word. */
  find(state: HealthState, instance: string, model?: string): void {
    const key = keyOf(instance, model);
    if (state === 'healthy') this.#found.delete(key);
    else this.#found.set(key, state);
  }

  /** A person's word. */
  takeOut(instance: string, model?: string): void {
    this.#out.add(keyOf(instance, model));
  }

  putBack(instance: string, model?: string): void {
    this.#out.delete(keyOf(instance, model));
  }

  /** What health has found of the instance alone, or of the model there alone. */
  foundOf(instance: string, model?: string): HealthState {
    return this.#found.get(keyOf(instance, model)) ?? 'healthy';
  }

  /** The worse of what is said of the instance and of the model; without model of the instance. */
  of(instance: string, model?: string): TargetState {
    if (this.#found.size === 0 && this.#out.size === 0) return 'healthy';
    if (this.#out.has(instance) || this.#out.has(keyOf(instance, model))) return 'off';
    const ofInstance = this.foundOf(instance);
    if (model === undefined) return ofInstance;
    const ofModel = this.foundOf(instance, model);
    return SEVERITY[ofModel] > SEVERITY[ofInstance] ? ofModel : ofInstance;
  }
}

const SEVERITY: Readonly<Record<HealthState, number>> = { healthy: 0, degraded: 1, disabled: 2 };

function keyOf(instance: string, model: string | undefined): string {
  return model === undefined ? instance : `${instance}/${model}`;
}
