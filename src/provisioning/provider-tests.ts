import { Injectable } from '@nestjs/common';
import { ApiError } from '../common/errors/api-error.js';
import { Secret } from '../common/secret.js';
import { Configuration } from '../config/configuration.js';
import type { ProbeSettings } from '../config/health-config.js';
import type { ProviderConfig } from '../config/provider-config.js';
import type { StoredObject } from '../config/stored-object.js';
import { ProviderError } from '../providers/contract/provider-error.js';
import type { ProviderInstance } from '../providers/contract/provider-instance.js';
import { findInstanceProblems } from '../providers/find-instance-problems.js';
import { convertToInstance } from '../providers/provider-instances.js';
import { ProviderRegistry, type RegisteredInstance } from '../providers/provider-registry.js';
import { Upstream } from '../providers/upstream/upstream.js';
import { probe } from '../routing/health/probe.js';
import { BaseUrlCheck } from './base-url-check.js';
import type { ProviderChange } from './stored-providers.service.js';
import { StoredReader } from './stored-reader.js';

/** Some models refuse less. */
const ANSWER_TOKENS = 16;

export interface ProviderTestResult {
  readonly checked: 'models' | 'chat';
  /** Of `chat`. */
  readonly model: string | undefined;
  /** How many the list has. */
  readonly models: number | undefined;
  readonly latencyMs: number;
  /** Its message is the upstream's own, sanitised. */
  readonly error: ProviderError | undefined;
}

/**
 * Calls a provider once, whatever its breaker says, by a connection of its own: for its list of
 * models, or for a few tokens of a cheap one. No client's, and in no ledger, as the probes of
 * health.
 */
@Injectable()
export class ProviderTests {
  readonly #types: ReadonlyMap<string, RegisteredInstance['provider']>;

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
    private readonly configuration: Configuration,
    private readonly reader: StoredReader,
    private readonly baseUrls: BaseUrlCheck,
  ) {
    this.#types = new Map(registry.types().map((provider) => [provider.type, provider]));
  }

  /** Of one that is configured, or stored and not enabled. Throws `not_found`, `invalid_value`. */
  async test(name: string, model?: string): Promise<ProviderTestResult> {
    const config = this.configuration.providers().find((one) => one.name === name);
    const registered = this.registry.find(name);
    if (config !== undefined && registered !== undefined) {
      return this.#call(registered, config, model);
    }
    const stored = await this.reader.find('provider', name);
    if (stored === undefined) throw new ApiError('not_found', `There is no provider '${name}'.`);
    return this.#testStored(stored, model);
  }

  /** Of one that is not saved. Throws `invalid_value`. */
  async testDraft({ values, apiKeys = [] }: ProviderChange, model?: string) {
    const keys = apiKeys.map((key) => new Secret(key));
    const value = Object.fromEntries(Object.entries(values).filter(([, member]) => member != null));
    return this.#testStored({ kind: 'provider', name: 'draft', value, apiKeys: keys }, model);
  }

  async #testStored(stored: StoredObject, model: string | undefined): Promise<ProviderTestResult> {
    const config = this.configuration.resolveStored({
      ...stored,
      value: { ...stored.value, enabled: true },
    });
    if ('problems' in config) throw invalid(config.problems);
    const problems = findInstanceProblems([config], this.#types);
    const provider = this.#types.get(config.type);
    if (problems.length > 0 || provider === undefined) throw invalid(problems);
    await this.baseUrls.check(stored.value);
    const instance = convertToInstance(config, provider);
    return this.#call({ provider, instance }, config, model);
  }

  async #call(
    { provider, instance: known }: RegisteredInstance,
    { health }: ProviderConfig,
    model: string | undefined,
  ): Promise<ProviderTestResult> {
    const settings = this.#settingsFor(provider, health.probe, model);
    // Another object has connections of its own, and no breaker that could hold it back.
    const instance: ProviderInstance = { ...known, breaker: { ...known.breaker, enabled: false } };
    const startedAt = performance.now();
    const tested = { provider, instance };
    try {
      const answer = await probe(tested, settings, new AbortController().signal);
      return { ...resultOf(settings, startedAt), models: countOf(answer), error: undefined };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { ...resultOf(settings, startedAt), models: undefined, error };
    } finally {
      await this.upstream.close(instance);
    }
  }

  #settingsFor(
    provider: RegisteredInstance['provider'],
    configured: ProbeSettings,
    model: string | undefined,
  ): Exclude<ProbeSettings, 'off'> {
    if (model !== undefined) return { model, maxTokens: ANSWER_TOKENS };
    if (typeof configured === 'object') return configured;
    if (provider.listModels !== undefined) return 'models';
    throw new ApiError(
      'invalid_value',
      `The type ${provider.type} has no list of models. Name a cheap model that may be asked.`,
      { param: 'model' },
    );
  }
}

function resultOf(settings: Exclude<ProbeSettings, 'off'>, startedAt: number) {
  const latencyMs = Math.round(performance.now() - startedAt);
  return settings === 'models'
    ? { checked: 'models' as const, model: undefined, latencyMs }
    : { checked: 'chat' as const, model: settings.model, latencyMs };
}

function countOf(answer: unknown): number | undefined {
  return Array.isArray(answer) ? answer.length : undefined;
}

function invalid(problems: readonly string[]): ApiError {
  const spoken = problems.map((problem) => problem.replace(/^providers\.draft\./, ''));
  return new ApiError('invalid_value', `${spoken.join('; ')}.`);
}
