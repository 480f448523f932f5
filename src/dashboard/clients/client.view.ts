import type { Client } from '../../clients/client.entity.js';
import type { RateLimits } from '../../limits/rules/limit-rule.js';

/** Figures of a client as a whole; null is unlimited. */
export class ClientLimitsView {
  requestsPerMinute!: number | null;
  tokensPerMinute!: number | null;
  maxConcurrent!: number | null;
}

/** A consumer of the API. */
export class ClientView {
  id!: string;
  name!: string;
  description!: string | null;
  /** Who manages it: people, the configuration file (read-only here) or the demo. */
  source!: 'api' | 'config' | 'demo';
  isActive!: boolean;
  /** Null allows every model. */
  allowedModels!: string[] | null;
  /** Milliseconds that a request may wait for a limit; 0 refuses it at once. */
  queueMs!: number;
  limits!: ClientLimitsView;
  /** Keys that are good at this moment. */
  activeKeys!: number;
  /** ISO 8601. */
  createdAt!: string;
  updatedAt!: string;
}

export class ClientPage {
  items!: ClientView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

/** `limits` are those in force for all of the client's keys together. */
export function clientView(
  client: Client,
  limits: RateLimits | undefined,
  activeKeys: number,
): ClientView {
  return {
    id: client.id,
    name: client.name,
    description: client.description,
    source: client.source,
    isActive: client.isActive,
    allowedModels: client.allowedModels,
    queueMs: client.queueMs,
    limits: {
      requestsPerMinute: limits?.requestsPerMinute ?? null,
      tokensPerMinute: limits?.tokensPerMinute ?? null,
      maxConcurrent: limits?.maxConcurrent ?? null,
    },
    activeKeys,
    createdAt: new Date(client.createdAt).toISOString(),
    updatedAt: new Date(client.updatedAt).toISOString(),
  };
}
