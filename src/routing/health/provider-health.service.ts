import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Subject, type Observable, type Subscription } from 'rxjs';
import { CLOCK, type Clock } from '../../common/clock.js';
import { Configuration } from '../../config/configuration.js';
import type { HealthSettings } from '../../config/health-config.js';
import type { ProviderMode } from '../../config/stored-object.js';
import { ProviderError, type ProviderErrorKind } from '../../providers/contract/provider-error.js';
import type { HealthState } from '../targets/target-states.js';
import { TargetStats, type TargetState } from '../targets/target-stats.js';
import type { EndedCall } from '../targets/target-call.js';
import { TargetHealth, type Observation } from './target-health.js';

/** Models are the callers' own words where an instance takes any. */
const REMEMBERED_TARGETS = 2_000;
const LOOK_EVERY_MS = 1_000;
/** Probes in a row that have to fail: one may have met a hiccup. */
const PROBES_TO_DEGRADE = 3;

/** A target or, without model, an instance changed its state. */
export interface HealthChange {
  readonly instance: string;
  readonly model: string | undefined;
  readonly state: TargetState;
}

/** What is known of one instance. */
export interface InstanceHealth {
  readonly state: TargetState;
  /** Of the last call or probe that failed; undefined when none has. */
  readonly lastError: ProviderErrorKind | undefined;
  /** Unix milliseconds of the last change of its state, or of the start. */
  readonly since: number;
}

interface InstanceRecord {
  state: TargetState;
  since: number;
  lastError: ProviderErrorKind | undefined;
  failedProbes: number;
  /** Calls and probes that have ended, since somebody asked. */
  calls: number;
}

/**
 * Watches the calls of every `instance/model` and says which of them are well: `TargetStats` knows
 * their states, and routes go by them.
 */
@Injectable()
export class ProviderHealth implements OnModuleDestroy {
  readonly #logger = new Logger(ProviderHealth.name);
  readonly #targets = new LRUCache<string, WatchedTarget>({
    max: REMEMBERED_TARGETS,
    dispose: ({ instance, model }) => this.stats.states.find('healthy', instance, model),
  });
  readonly #instances = new Map<string, InstanceRecord>();
  readonly #changes = new Subject<HealthChange>();
  readonly changes: Observable<HealthChange> = this.#changes.asObservable();
  readonly #subscriptions: Subscription[];
  readonly #timer: NodeJS.Timeout;
  #settings: ReadonlyMap<string, HealthSettings> = new Map();
  #modes: ReadonlyMap<string, ProviderMode> = new Map();

  constructor(
    private readonly stats: TargetStats,
    private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#readSettings();
    this.#subscriptions = [
      configuration.changes.subscribe(() => this.#readSettings()),
      stats.ended.subscribe((call) => this.#ended(call)),
    ];
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Of an instance that is configured. */
  of(name: string): InstanceHealth {
    const record = this.#instanceOf(name);
    this.#noteState(name, record);
    const { state, lastError, since } = record;
    return { state, lastError, since };
  }

  /** Undefined for an instance that is not configured any more. */
  settingsOf(instance: string): HealthSettings | undefined {
    return this.#settings.get(instance);
  }

  /** Whether its health is found out, or was decided by hand. */
  modeOf(instance: string): ProviderMode {
    return this.#modes.get(instance) ?? 'auto';
  }

  /** Whether nobody called it since this was asked the last time. */
  wasIdle(instance: string): boolean {
    const record = this.#instanceOf(instance);
    const wasIdle = record.calls === 0;
    record.calls = 0;
    return wasIdle;
  }

  /** A probe of the instance has ended: well, or with `error`. */
  probed(instance: string, durationMs: number, error?: unknown): void {
    const record = this.#instanceOf(instance);
    if (error !== undefined) record.lastError = kindOf(error) ?? record.lastError;
    const verdict = error === undefined ? 'ok' : 'failed';
    const observation = { verdict, isStream: false, firstValueMs: durationMs, durationMs } as const;
    for (const target of this.#targets.values()) {
      if (target.instance === instance && target.health.state === 'disabled') {
        this.#observe(target, observation);
      }
    }
    record.failedProbes = error === undefined ? 0 : record.failedProbes + 1;
    // Who is kept in by hand stays so.
    if (this.modeOf(instance) === 'on') return;
    const state = record.failedProbes >= PROBES_TO_DEGRADE ? 'degraded' : 'healthy';
    if (state === this.stats.states.foundOf(instance)) return;
    this.#tell(state, instance);
  }

  /** Draws the conclusions that time alone brings. */
  look(): void {
    const now = this.clock.now();
    for (const target of this.#targets.values()) {
      this.#follow(target, () => target.health.roll(now));
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#changes.complete();
  }

  #ended(call: EndedCall): void {
    const settings = this.#settings.get(call.instance);
    if (settings === undefined) return;
    const record = this.#instanceOf(call.instance);
    record.calls += 1;
    if (call.verdict === 'failed') record.lastError = kindOf(call.error) ?? record.lastError;
    if (call.verdict !== 'ok' && call.verdict !== 'failed') return;
    if (this.modeOf(call.instance) === 'on') return;
    this.#observe(this.#targetOf(call, settings), call);
  }

  #observe(target: WatchedTarget, observation: Observation): void {
    this.#follow(target, () => target.health.observe(observation, this.clock.now()));
  }

  #follow(target: WatchedTarget, step: () => void): void {
    const before = target.health.state;
    step();
    const { state } = target.health;
    if (state !== before) this.#tell(state, target.instance, target.model);
  }

  #tell(state: HealthState, instance: string, model?: string): void {
    this.stats.states.find(state, instance, model);
    this.#say(state, instance, model);
  }

  /** What a person has decided of an instance, which begins with nothing known. */
  #decide(instance: string): void {
    const { states } = this.stats;
    states.find('healthy', instance);
    const isOut = this.modeOf(instance) === 'off';
    if (isOut) states.takeOut(instance);
    else states.putBack(instance);
    this.#say(isOut ? 'off' : 'healthy', instance, undefined);
  }

  #say(state: TargetState, instance: string, model: string | undefined): void {
    const line = { provider: instance, model, state };
    const message = 'the health of a provider changed';
    if (state === 'healthy') this.#logger.log({ message, ...line });
    else this.#logger.warn({ message, ...line });
    this.#noteState(instance, this.#instanceOf(instance));
    this.#changes.next({ instance, model, state });
  }

  #noteState(instance: string, record: InstanceRecord): void {
    const state = this.#stateOf(instance);
    if (state === record.state) return;
    record.state = state;
    record.since = Date.now();
  }

  /** Disabled when all that is known of it is, degraded when anything is wrong. */
  #stateOf(instance: string): TargetState {
    const own = this.stats.states.of(instance);
    if (own === 'off') return own;
    const states = [...this.#targets.values()]
      .filter((target) => target.instance === instance)
      .map(({ health }) => health.state);
    if (states.length > 0 && states.every((state) => state === 'disabled')) return 'disabled';
    if (states.some((state) => state !== 'healthy')) return 'degraded';
    return own;
  }

  #targetOf({ instance, model }: EndedCall, settings: HealthSettings): WatchedTarget {
    const address = `${instance}/${model}`;
    const known = this.#targets.get(address);
    if (known !== undefined) return known;
    const health = new TargetHealth(settings, this.clock.now());
    const target = { instance, model, health };
    this.#targets.set(address, target);
    return target;
  }

  #instanceOf(name: string): InstanceRecord {
    const known = this.#instances.get(name);
    if (known !== undefined) return known;
    const record: InstanceRecord = {
      state: 'healthy',
      since: Date.now(),
      lastError: undefined,
      failedProbes: 0,
      calls: 0,
    };
    this.#instances.set(name, record);
    return record;
  }

  /** What was concluded by other settings, or of an instance that is gone, holds no longer. */
  #readSettings(): void {
    const before = this.#settings;
    this.#settings = new Map(
      this.configuration.providers().map(({ name, health }) => [name, health]),
    );
    const decided = this.#readModes();
    for (const [address, { instance }] of this.#targets.entries()) {
      if (decided.has(instance) || !isSame(before.get(instance), this.#settings.get(instance))) {
        this.#targets.delete(address);
      }
    }
    for (const name of before.keys()) {
      if (this.#settings.has(name)) continue;
      this.#instances.delete(name);
      this.stats.states.find('healthy', name);
    }
    for (const name of decided) this.#decide(name);
  }

  /** Instances that somebody decided about anew, each of which begins with nothing known. */
  #readModes(): ReadonlySet<string> {
    const before = this.#modes;
    this.#modes = new Map(
      [...this.configuration.providerModes].filter(([name]) => this.#settings.has(name)),
    );
    const named = new Set([...before.keys(), ...this.#modes.keys()]);
    return new Set([...named].filter((name) => before.get(name) !== this.#modes.get(name)));
  }
}

interface WatchedTarget {
  readonly instance: string;
  readonly model: string;
  readonly health: TargetHealth;
}

function kindOf(error: unknown): ProviderErrorKind | undefined {
  return error instanceof ProviderError ? error.kind : undefined;
}

function isSame(one: HealthSettings | undefined, other: HealthSettings | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
