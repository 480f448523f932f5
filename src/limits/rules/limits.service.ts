import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { limitAudit } from './rule-audit.js';
import type { RateLimits } from './limit-rule.js';
import { LimitRuleRow } from './limit-rule.entity.js';
import { LimitWriter } from './limit-writer.js';
import { refuseFileRule } from './refuse-file-rule.js';
import type { IdentifiedLimit } from './rule-set.js';
import { limitOfRow, RuleSources } from './rule-sources.js';
import { refuseUnknownSubject, type RuleSubject } from './rule-subject.js';

/** The figures of one subject, or of one endpoint of it. */
export interface NewLimit extends RuleSubject, RateLimits {
  readonly endpoint?: string | undefined;
}

/** Provider and model rules hold each upstream call, whatever endpoint it serves. */
const SCOPES_WITH_ENDPOINTS: readonly string[] = ['global', 'client', 'key'];

@Injectable()
export class LimitsService {
  constructor(
    private readonly writer: LimitWriter,
    private readonly sources: RuleSources,
    private readonly configuration: Configuration,
    private readonly audit: AuditLog,
  ) {}

  /** Those of the configuration file too. */
  async list(): Promise<readonly IdentifiedLimit[]> {
    return (await this.sources.read()).limits;
  }

  /**
   * Makes the limit, or replaces the one of the same subject and endpoint; one of the file stays
   * and holds beside it. Throws `invalid_value` with `param` for an unknown subject.
   */
  async put(limit: NewLimit): Promise<IdentifiedLimit> {
    return this.writer.write((manager) => this.#put(manager, limit));
  }

  /** The same within a transaction that makes the subject. */
  async putWithin(manager: EntityManager, limit: NewLimit): Promise<IdentifiedLimit> {
    return this.writer.within(manager, () => this.#put(manager, limit));
  }

  /** Throws `not_found`, or `conflict` for a limit of the configuration file. */
  async remove(id: string): Promise<void> {
    await refuseFileRule(this.sources, id);
    await this.writer.write((manager) => this.#remove(manager, id));
  }

  /** The same within a transaction that changes the subject. */
  async removeWithin(manager: EntityManager, id: string): Promise<void> {
    await refuseFileRule(this.sources, id);
    await this.writer.within(manager, () => this.#remove(manager, id));
  }

  async #remove(manager: EntityManager, id: string): Promise<void> {
    const row = await manager.findOneBy(LimitRuleRow, { id });
    if (row === null) throw new ApiError('not_found', 'There is no such limit.');
    await manager.delete(LimitRuleRow, { id });
    await this.audit.record(manager, limitAudit('delete', limitOfRow(row), undefined));
  }

  async #put(manager: EntityManager, limit: NewLimit): Promise<IdentifiedLimit> {
    const { scope, scopeId, endpoint = '' } = limit;
    refuseUselessLimit(limit);
    await refuseUnknownSubject(manager, this.configuration, limit);
    const now = Date.now();
    const existing = await manager.findOneBy(LimitRuleRow, { scope, scopeId, endpoint });
    const before = existing === null ? undefined : limitOfRow(existing);
    const row = manager.create(LimitRuleRow, {
      id: existing?.id ?? `limit_${uuidV7().replaceAll('-', '')}`,
      scope,
      scopeId,
      endpoint,
      requestsPerMinute: limit.requestsPerMinute ?? null,
      tokensPerMinute: limit.tokensPerMinute ?? null,
      maxConcurrent: limit.maxConcurrent ?? null,
      createdAt: existing?.createdAt ?? now,
      updatedAt: now,
    });
    if (existing === null) await manager.insert(LimitRuleRow, row);
    else await manager.update(LimitRuleRow, { id: row.id }, row);
    const after = limitOfRow(row);
    await this.audit.record(
      manager,
      limitAudit(before === undefined ? 'create' : 'update', before, after),
    );
    return after;
  }
}

function refuseUselessLimit(limit: NewLimit): void {
  if (limit.endpoint !== undefined && !SCOPES_WITH_ENDPOINTS.includes(limit.scope)) {
    throw new ApiError('invalid_value', `A limit of a ${limit.scope} holds all endpoints.`, {
      param: 'endpoint',
    });
  }
  const { requestsPerMinute, tokensPerMinute, maxConcurrent } = limit;
  if ([requestsPerMinute, tokensPerMinute, maxConcurrent].some((figure) => figure !== undefined)) {
    return;
  }
  throw new ApiError(
    'invalid_value',
    'Give requestsPerMinute, tokensPerMinute or maxConcurrent; delete the limit to lift it.',
    { param: 'requestsPerMinute' },
  );
}
