import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiKeysService } from '../../clients/api-keys.service.js';
import type { Client } from '../../clients/client.entity.js';
import { ClientsService } from '../../clients/clients.service.js';
import type { RateLimits } from '../../limits/rules/limit-rule.js';
import { LimitsService } from '../../limits/rules/limits.service.js';
import type { ClientBody, ClientChangeBody, ClientLimitsBody } from './client.dto.js';
import { clientView, type ClientView } from './client.view.js';

/** Clients as people see them: with the limits and the keys that belong to them. */
@Injectable()
export class ClientsDesk {
  constructor(
    private readonly clients: ClientsService,
    private readonly keys: ApiKeysService,
    private readonly limits: LimitsService,
  ) {}

  async list(): Promise<ClientView[]> {
    return this.#views(await this.clients.list());
  }

  /** Throws `not_found`. */
  async get(id: string): Promise<ClientView> {
    return this.#view(await this.clients.get(id));
  }

  async create({ limits, ...fields }: ClientBody): Promise<ClientView> {
    return this.#view(
      await this.clients.create(fields, (manager, { id }) => this.#limit(manager, id, limits)),
    );
  }

  async change(id: string, { limits, ...fields }: ClientChangeBody): Promise<ClientView> {
    return this.#view(
      await this.clients.update(id, fields, (manager) => this.#limit(manager, id, limits)),
    );
  }

  async #limit(
    manager: EntityManager,
    id: string,
    change: ClientLimitsBody | undefined,
  ): Promise<void> {
    if (change === undefined) return;
    const own = (await this.limits.list()).find(
      (limit) => isWholeClient(limit, id) && limit.source === 'api',
    );
    const merged = { ...figuresOf(own), ...change };
    const figures = {
      requestsPerMinute: merged.requestsPerMinute ?? undefined,
      tokensPerMinute: merged.tokensPerMinute ?? undefined,
      maxConcurrent: merged.maxConcurrent ?? undefined,
    };
    if (Object.values(figures).some((figure) => figure !== undefined)) {
      await this.limits.putWithin(manager, { scope: 'client', scopeId: id, ...figures });
    } else if (own !== undefined) {
      await this.limits.removeWithin(manager, own.id);
    }
  }

  async #view(client: Client): Promise<ClientView> {
    const [view] = await this.#views([client]);
    return view as ClientView;
  }

  async #views(clients: readonly Client[]): Promise<ClientView[]> {
    const [limits, keys] = await Promise.all([this.limits.list(), this.keys.list()]);
    return clients.map((client) => {
      const own = limits.filter((limit) => isWholeClient(limit, client.id));
      const active = keys.filter(
        ({ clientId, status }) => clientId === client.id && status === 'active',
      );
      return clientView(client, strictest(own), active.length);
    });
  }
}

function isWholeClient(
  limit: { scope: string; scopeId: string; endpoint?: string | undefined },
  id: string,
): boolean {
  return limit.scope === 'client' && limit.scopeId === id && limit.endpoint === undefined;
}

function figuresOf(limits: RateLimits | undefined): ClientLimitsBody {
  if (limits === undefined) return {};
  const { requestsPerMinute, tokensPerMinute, maxConcurrent } = limits;
  return { requestsPerMinute, tokensPerMinute, maxConcurrent };
}

/** File and people may both limit a client, and then the lower figure holds. */
function strictest(limits: readonly RateLimits[]): RateLimits {
  const least = (figures: (number | undefined)[]): number | undefined => {
    const set = figures.filter((figure) => figure !== undefined);
    return set.length === 0 ? undefined : Math.min(...set);
  };
  return {
    requestsPerMinute: least(limits.map(({ requestsPerMinute }) => requestsPerMinute)),
    tokensPerMinute: least(limits.map(({ tokensPerMinute }) => tokensPerMinute)),
    maxConcurrent: least(limits.map(({ maxConcurrent }) => maxConcurrent)),
  };
}
