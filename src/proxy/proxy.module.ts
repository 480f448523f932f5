import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { ChatController } from './chat/chat.controller.js';
import { ChatRoute } from './chat/chat.route.js';
import { CompletionsController } from './completions/completions.controller.js';
import { EmbeddingsController } from './embeddings/embeddings.controller.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import { ModelList } from './models/model-list.js';
import { ModelsController } from './models/models.controller.js';
import { ProxyService } from './proxy.service.js';
import { ReasoningMemory } from './reasoning/reasoning-memory.js';

@Module({
  imports: [CatalogModule, RoutingModule, UsageModule],
  controllers: [ChatController, CompletionsController, EmbeddingsController, ModelsController],
  providers: [ProxyService, ChatRoute, ReasoningMemory, Idempotency, ModelList],
})
export class ProxyModule {}
