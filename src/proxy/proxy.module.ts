import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { RequestAdmission } from './admission/request-admission.service.js';
import { RequestBooking } from './admission/request-booking.service.js';
import { ChatCalls } from './chat/chat-calls.js';
import { AudioController } from './audio/audio.controller.js';
import { ChatController } from './chat/chat.controller.js';
import { ChatRoute } from './chat/chat.route.js';
import { CompletionsController } from './completions/completions.controller.js';
import { EmbeddingsController } from './embeddings/embeddings.controller.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesRoute } from './messages/messages.route.js';
import { ImagesController } from './images/images.controller.js';
import { ModelList } from './models/model-list.js';
import { ModelsController } from './models/models.controller.js';
import { ModerationsController } from './moderations/moderations.controller.js';
import { ProxyService } from './proxy.service.js';
import { ReasoningMemory } from './reasoning/reasoning-memory.js';
import { Refusals } from './refusals.js';
import { RerankController } from './rerank/rerank.controller.js';
import { ResponseObjects } from './responses/response-objects.service.js';
import { CompactRoute } from './responses/compact.route.js';
import { InputTokensRoute } from './responses/input-tokens.route.js';
import { ResponsesController } from './responses/responses.controller.js';
import { ResponsesRoute } from './responses/responses.route.js';
import { ResponseRetention } from './responses/store/response-retention.js';
import { ResponseStore } from './responses/store/response-store.js';

@Module({
  imports: [
    CatalogModule,
    FiguresModule,
    LimitsModule,
    ProvidersModule,
    RoutingModule,
    UsageModule,
  ],
  controllers: [
    ChatController,
    CompletionsController,
    MessagesController,
    ResponsesController,
    EmbeddingsController,
    ImagesController,
    AudioController,
    ModerationsController,
    RerankController,
    ModelsController,
  ],
  providers: [
    ProxyService,
    RequestAdmission,
    RequestBooking,
    Refusals,
    ChatCalls,
    ChatRoute,
    MessagesRoute,
    ResponsesRoute,
    InputTokensRoute,
    CompactRoute,
    ResponseObjects,
    ResponseStore,
    ResponseRetention,
    ReasoningMemory,
    Idempotency,
    ModelList,
  ],
})
export class ProxyModule {}
