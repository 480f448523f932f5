import { Module } from '@nestjs/common';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { Configuration } from '../config/configuration.js';
import { EVENT_BUS, type EventBus } from '../database/event-bus.js';
import { ProcessLease } from '../database/process-lease.js';
import { AnthropicProvider } from './anthropic/anthropic.provider.js';
import { AzureProvider } from './azure/azure.provider.js';
import { BlackboxProvider } from './blackbox/blackbox.provider.js';
import { BreakerFigures } from './breaker-figures.js';
import { PoolFigures } from './pool-figures.js';
import { MediaLoader } from './contract/media.js';
import { PROVIDERS, type Provider } from './contract/provider.js';
import { DeepSeekProvider } from './deepseek/deepseek.provider.js';
import { GeminiProvider } from './gemini/gemini.provider.js';
import { OllamaProvider } from './ollama/ollama.provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible/openai-compatible.provider.js';
import { OpenAiProvider } from './openai/openai.provider.js';
import { OpenRouterProvider } from './openrouter/openrouter.provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { SimulatedProvider } from './simulated/simulated.provider.js';
import { BREAKER_SHARING } from './upstream/breaker-share.js';
import { GuardedDialer } from './upstream/guarded-dialer.js';
import { GuardedMediaLoader } from './upstream/guarded-media-loader.js';
import { RedisBreakerSharing } from './upstream/redis-breaker-sharing.js';
import { Upstream } from './upstream/upstream.js';
import { XaiProvider } from './xai/xai.provider.js';

/** Every provider type there is. Adding one means adding its line. */
export const PROVIDER_TYPES = [
  OpenAiProvider,
  AzureProvider,
  AnthropicProvider,
  GeminiProvider,
  DeepSeekProvider,
  XaiProvider,
  OllamaProvider,
  OpenRouterProvider,
  BlackboxProvider,
  OpenAiCompatibleProvider,
  SimulatedProvider,
];

@Module({
  imports: [FiguresModule],
  providers: [
    Upstream,
    {
      provide: BREAKER_SHARING,
      inject: [Configuration, EVENT_BUS, ProcessLease],
      useFactory: ({ environment }: Configuration, bus: EventBus, lease: ProcessLease) =>
        environment.redisUrl &&
        new RedisBreakerSharing({
          url: environment.redisUrl.reveal(),
          bus,
          processId: lease.id,
        }),
    },
    {
      provide: MediaLoader,
      useFactory: ({ environment }: Configuration) =>
        new GuardedMediaLoader({
          maxBytes: environment.mediaMaxBytes,
          timeoutMs: environment.mediaTimeoutMs,
          allowedHosts: environment.allowedPrivateUpstreams,
        }),
      inject: [Configuration],
    },
    {
      provide: GuardedDialer,
      useFactory: ({ environment }: Configuration) =>
        new GuardedDialer(environment.allowedPrivateUpstreams),
      inject: [Configuration],
    },
    ...PROVIDER_TYPES,
    {
      provide: PROVIDERS,
      useFactory: (...providers: Provider[]) => providers,
      inject: PROVIDER_TYPES,
    },
    ProviderRegistry,
    BreakerFigures,
    PoolFigures,
  ],
  exports: [GuardedDialer, PROVIDERS, ProviderRegistry, Upstream],
})
export class ProvidersModule {}
