import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, MoreThan } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { identifyConfigKey } from '../../clients/config-clients.js';
import { KeyHasher } from '../../clients/key-hasher.js';
import { Configuration } from '../../config/configuration.js';
import { READER } from '../../database/data-source-options.js';
import { BudgetRow } from './budget.entity.js';
import type { BudgetRule } from './budget-rule.js';
import type { OnLimit } from './limit-rule.js';
import { LimitRuleRow } from './limit-rule.entity.js';
import type { IdentifiedLimit, RuleSet } from './rule-set.js';
import { rulesOfFile } from './rules-of-file.js';

/** Reads the rules from where they come from: the configuration file in force and the database. */
@Injectable()
export class RuleSources {
  constructor(
    private readonly configuration: Configuration,
    private readonly hasher: KeyHasher,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /** Rules of both on the same subject stand beside each other: both hold. */
  async read(): Promise<RuleSet> {
    const { file } = this.configuration;
    const clientIds = await this.#clientIds(file.clients.map(({ name }) => name));
    const stated = rulesOfFile(file, {
      clientId: (name) => clientIds.get(name),
      keyId: (key) => identifyConfigKey(key, this.hasher).id,
    });
    const limits = await this.reader.manager.find(LimitRuleRow, { order: { id: 'ASC' } });
    const budgets = await this.reader.manager.find(BudgetRow, { order: { id: 'ASC' } });
    return {
      limits: [...stated.limits, ...limits.map(limitOfRow)],
      budgets: [...stated.budgets, ...budgets.map(budgetOfRow)],
      onLimit: await this.#onLimit(),
    };
  }

  /** Only of clients that are the file's: a name in it may be another's until the file has taken it over. */
  async #clientIds(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (names.length === 0) return new Map();
    const clients = await this.reader.manager.find(Client, {
      select: { id: true, name: true },
      where: { source: 'config' },
    });
    return new Map(clients.map(({ id, name }) => [name, id]));
  }

  async #onLimit(): Promise<ReadonlyMap<string, OnLimit>> {
    const clients = await this.reader.manager.find(Client, {
      select: { id: true, queueMs: true },
      where: { queueMs: MoreThan(0) },
      order: { id: 'ASC' },
    });
    return new Map(clients.map(({ id, queueMs }) => [id, { queueMs }]));
  }
}

export function limitOfRow(row: LimitRuleRow): IdentifiedLimit {
  const { id, scope, scopeId } = row;
  return {
    id,
    scope,
    scopeId,
    ...(row.endpoint === '' ? {} : { endpoint: row.endpoint }),
    requestsPerMinute: row.requestsPerMinute ?? undefined,
    tokensPerMinute: row.tokensPerMinute ?? undefined,
    maxConcurrent: row.maxConcurrent ?? undefined,
    source: 'api',
  };
}

export function budgetOfRow(row: BudgetRow): BudgetRule {
  const { id, scope, scopeId, limitNanoUsd, period, timeZone, alertPercents } = row;
  return { id, scope, scopeId, limitNanoUsd, period, timeZone, alertPercents, source: 'api' };
}
