import type { Environment } from './environment.js';

/** What an instance is asked to see whether it is well. */
export type ProbeSettings =
  'models' | 'off' | { readonly model: string; readonly maxTokens: number };

/** When an instance counts as healthy, and how that is found out. */
export interface HealthSettings {
  /** Share of failed calls above which a target is disabled; 100 never disables. */
  readonly disableAboveErrorPercent: number;
  /** Share of failed calls below which it is well again. */
  readonly enableBelowErrorPercent: number;
  /** Calls within a window below which nothing is concluded. */
  readonly minCalls: number;
  readonly windowMs: number;
  readonly probe: ProbeSettings;
  /** 0 never probes. */
  readonly probeIntervalMs: number;
}

type Given = { readonly [Name in keyof HealthSettings]?: HealthSettings[Name] | undefined };

/** What the file says of an instance, with the defaults of the environment. */
export function resolveHealth(given: Given, environment: Environment): HealthSettings {
  const disableAboveErrorPercent =
    given.disableAboveErrorPercent ?? environment.healthDisableAboveErrorPercent;
  const enableBelow = given.enableBelowErrorPercent ?? environment.healthEnableBelowErrorPercent;
  return Object.freeze({
    disableAboveErrorPercent,
    // The file may set one of the two only; without a gap between them a target would go on and off.
    enableBelowErrorPercent: Math.min(enableBelow, disableAboveErrorPercent),
    minCalls: given.minCalls ?? environment.healthMinCalls,
    windowMs: given.windowMs ?? environment.healthWindowMs,
    probe: given.probe ?? 'models',
    probeIntervalMs: given.probeIntervalMs ?? environment.healthProbeIntervalMs,
  });
}
