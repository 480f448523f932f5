import { Module } from '@nestjs/common';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { Configuration } from '../config/configuration.js';
import { AnthropicProvider } from './anthropic/anthropic.provider.js';
import { AzureProvider } from './azure/azure.provider.js';
import { BlackboxProvider } from './blackbox/blackbox.provider.js';
import { BreakerFigures } from './breaker-figures.js';
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
import { GuardedMediaLoader } from './upstream/guarded-media-loader.js';
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
      provide: MediaLoader,
      useFactory: ({ environment }: Configuration) =>
        new GuardedMediaLoader({
          maxBytes: environment.mediaMaxBytes,
          timeoutMs: environment.mediaTimeoutMs,
          allowedHosts: environment.allowedPrivateUpstreams,
        }),
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
  ],
  exports: [ProviderRegistry, Upstream],
})
export class ProvidersModule {}
