import { Module } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { MediaLoader } from './contract/media.js';
import { PROVIDERS, type Provider } from './contract/provider.js';
import { OllamaProvider } from './ollama/ollama.provider.js';
import { GeminiProvider } from './gemini/gemini.provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible/openai-compatible.provider.js';
import { OpenAiProvider } from './openai/openai.provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { SimulatedProvider } from './simulated/simulated.provider.js';
import { GuardedMediaLoader } from './upstream/guarded-media-loader.js';
import { Upstream } from './upstream/upstream.js';

/** Every provider type there is. Adding one means adding its line. */
export const PROVIDER_TYPES = [
  OpenAiProvider, //
  OpenAiCompatibleProvider,
  OllamaProvider,
  GeminiProvider,
  SimulatedProvider,
];

@Module({
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
  ],
  exports: [ProviderRegistry, Upstream],
})
export class ProvidersModule {}
