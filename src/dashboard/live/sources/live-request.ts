import { formatUsd } from '../../../common/money/format-usd.js';
import type { UsageEntry } from '../../../usage/usage-entry.js';

/** A request that has ended, as a row of the list of requests has it. */
export function liveRequest(entry: UsageEntry, clientName: string): object {
  const { costNanoUsd } = entry;
  return {
    id: entry.requestId,
    createdAt: new Date(entry.createdAt).toISOString(),
    clientName,
    clientId: entry.clientId,
    apiKeyId: entry.apiKeyId,
    dialect: entry.dialect,
    requestedModel: entry.requestedModel,
    provider: entry.provider,
    model: entry.model,
    status: entry.status,
    httpStatus: entry.httpStatus,
    errorCode: entry.errorCode,
    stream: entry.stream,
    attempts: entry.attempts,
    inputTokens: entry.inputTokens,
    cachedInputTokens: entry.cachedInputTokens,
    outputTokens: entry.outputTokens,
    reasoningTokens: entry.reasoningTokens,
    costNanoUsd: costNanoUsd === null ? null : String(costNanoUsd),
    costUsd: costNanoUsd === null ? null : Number(formatUsd(costNanoUsd)),
    estimated: entry.estimated,
    cacheHit: entry.cacheHit,
    hasImages: entry.hasImages,
    latencyMs: entry.latencyMs,
    firstChunkMs: entry.firstChunkMs,
  };
}
