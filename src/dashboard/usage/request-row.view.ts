import { encodePlace } from '../../usage/requests/request-place.js';
import type { RequestRow } from '../../usage/requests/request-row.js';
import type { FoundRequests } from '../../usage/requests/request-search.js';
import { usdOf } from './usage-figures.view.js';

/** A request in a list. */
export class RequestRowView {
  id!: string;
  /** When it was admitted, ISO 8601. */
  createdAt!: string;
  clientId!: string;
  clientName!: string;
  apiKeyId!: string;
  /** Route of the client API, such as `chat`. */
  dialect!: string;
  requestedModel!: string;
  /** Who answered, or was asked last. */
  provider!: string;
  model!: string;
  /** `open`, `ok`, `error`, `client_aborted`, `interrupted` or `rejected`. */
  status!: string;
  httpStatus!: number | null;
  errorCode!: string | null;
  stream!: boolean;
  /** Calls of providers. */
  attempts!: number;
  inputTokens!: number;
  cachedInputTokens!: number;
  outputTokens!: number;
  reasoningTokens!: number;
  /** Whole nano-USD as text; null when the model has no price. */
  costNanoUsd!: string | null;
  /** US dollars, for display. */
  costUsd!: number | null;
  /** The provider told less than all of its tokens. */
  estimated!: boolean;
  cacheHit!: boolean;
  hasImages!: boolean;
  /** Milliseconds from its arrival to the end of its answer. */
  latencyMs!: number | null;
  /** Milliseconds to the first chunk of a stream. */
  firstChunkMs!: number | null;
}

/** Requests, newest first. */
export class RequestPage {
  items!: RequestRowView[];
  /** Null on the last page. */
  nextCursor!: string | null;
  /** Set where the search stopped before it had found enough: nothing before this was looked at yet. ISO 8601. */
  searchedUntil!: string | null;
}

export function requestPage(
  { rows, end, searchedUntil }: FoundRequests,
  clients: ReadonlyMap<string, string>,
): RequestPage {
  return {
    items: rows.map((row) => requestRowView(row, clients)),
    nextCursor: end === undefined ? null : encodePlace(end),
    searchedUntil: searchedUntil === undefined ? null : new Date(searchedUntil).toISOString(),
  };
}

export function requestRowView(
  { requestId, createdAt, costNanoUsd, ...row }: RequestRow,
  clients: ReadonlyMap<string, string>,
): RequestRowView {
  return {
    id: requestId,
    createdAt: new Date(createdAt).toISOString(),
    clientName: clients.get(row.clientId) ?? row.clientId,
    clientId: row.clientId,
    apiKeyId: row.apiKeyId,
    dialect: row.dialect,
    requestedModel: row.requestedModel,
    provider: row.provider,
    model: row.model,
    status: row.status,
    httpStatus: row.httpStatus,
    errorCode: row.errorCode,
    stream: row.stream,
    attempts: row.attempts,
    inputTokens: row.inputTokens,
    cachedInputTokens: row.cachedInputTokens,
    outputTokens: row.outputTokens,
    reasoningTokens: row.reasoningTokens,
    costNanoUsd: costNanoUsd === null ? null : String(costNanoUsd),
    costUsd: costNanoUsd === null ? null : usdOf(costNanoUsd),
    estimated: row.estimated,
    cacheHit: row.cacheHit,
    hasImages: row.hasImages,
    latencyMs: row.latencyMs,
    firstChunkMs: row.firstChunkMs,
  };
}
