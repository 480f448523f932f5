import { Module } from '@nestjs/common';
import { AnthropicProvider } from './anthropic/anthropic.provider.js';
import { PROVIDERS, type Provider } from './contract/provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible/openai-compatible.provider.js';
import { OpenAiProvider } from './openai/openai.provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { SimulatedProvider } from './simulated/simulated.provider.js';
import { Upstream } from './upstream/upstream.js';

/** Every provider type there is. Adding one means adding its line. */
const PROVIDER_TYPES = [
  AnthropicProvider,
  OpenAiProvider,
  OpenAiCompatibleProvider,
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
