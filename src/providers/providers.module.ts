import { Module } from '@nestjs/common';
import { AzureProvider } from './azure/azure.provider.js';
import { BlackboxProvider } from './blackbox/blackbox.provider.js';
import { PROVIDERS, type Provider } from './contract/provider.js';
import { DeepSeekProvider } from './deepseek/deepseek.provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible/openai-compatible.provider.js';
import { OpenAiProvider } from './openai/openai.provider.js';
import { OpenRouterProvider } from './openrouter/openrouter.provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { SimulatedProvider } from './simulated/simulated.provider.js';
import { Upstream } from './upstream/upstream.js';
import { XaiProvider } from './xai/xai.provider.js';

/** Every provider type there is. Adding one means adding its line. */
const PROVIDER_TYPES = [
  OpenAiProvider, //
  OpenAiCompatibleProvider,
  AzureProvider,
  DeepSeekProvider,
  XaiProvider,
  OpenRouterProvider,
  BlackboxProvider,
  SimulatedProvider,
];

@Module({
  providers: [
    Upstream,
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
