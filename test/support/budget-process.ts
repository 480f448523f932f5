import type { DataSource } from 'typeorm';
import { Catalog } from '../../src/catalog/catalog.service.js';
import { Configuration } from '../../src/config/configuration.js';
import { GroupCommitWriter } from '../../src/database/group-commit-writer.js';
import { ProcessLease } from '../../src/database/process-lease.js';
import { BudgetPools } from '../../src/limits/budgets/budget-pools.js';
import { GrantLedger } from '../../src/limits/budgets/grant-ledger.js';
import { Treasury } from '../../src/limits/budgets/treasury.js';
import type { BudgetRule } from '../../src/limits/rules/budget-rule.js';
import { LimitRules } from '../../src/limits/rules/limit-rules.js';
import { reservedEntry } from '../../src/usage/build-usage-entry.js';
import { PriceRecords } from '../../src/usage/price-records.js';
import { NO_MONEY } from '../../src/usage/reservation.js';
import { UsageEntries } from '../../src/usage/usage-entries.js';
import type { TestDatabase } from './test-database.js';

export const SUBJECTS = [
  { scope: 'key', scopeId: 'key' },
  { scope: 'client', scopeId: 'client' },
  { scope: 'global', scopeId: '' },
  { scope: 'provider', scopeId: 'vendor' },
] as const;

class FixedRules extends LimitRules {
  constructor(private readonly rules: readonly BudgetRule[]) {
    super();
  }

  override budgetsOf(scope: string, scopeId: string): readonly BudgetRule[] {
    return this.rules.filter((rule) => rule.scope === scope && rule.scopeId === scopeId);
  }
}

/** Takes its grants along when it crashes, as a killed process does. */
class MortalGrants extends GrantLedger {
  isDead = false;

  override withdraw(): Promise<void> {
    return this.isDead ? Promise.resolve() : super.withdraw();
  }
}

/** The budgets of one process, over a database that it may share with others. */
export class BudgetProcess {
  readonly pools: BudgetPools;
  readonly treasury: Treasury;
  #sequence = 0;

  private constructor(
    readonly lease: ProcessLease,
    readonly writer: GroupCommitWriter,
    rules: LimitRules,
    private readonly grants: MortalGrants,
    private readonly entries: UsageEntries,
    configuration: Configuration,
  ) {
    this.pools = new BudgetPools(rules);
    this.treasury = new Treasury(this.pools, grants, lease, rules, configuration);
    this.treasury.onModuleInit();
  }

  static async start(
    database: TestDatabase,
    writerSource: DataSource,
    rules: readonly BudgetRule[],
    env: Record<string, string> = {},
  ): Promise<BudgetProcess> {
    const { settings, reader } = database;
    const writer = new GroupCommitWriter(writerSource, settings);
    const lease = new ProcessLease(writer, reader);
    await lease.beat();
    const configuration = await Configuration.open({ DATA_DIR: settings.dataDir, ...env });
    const entries = new UsageEntries(writer, new PriceRecords(new Catalog(configuration)), reader);
    const grants = new MortalGrants(writer, lease);
    return new BudgetProcess(lease, writer, new FixedRules(rules), grants, entries, configuration);
  }

  poolsAt(at: number) {
    return SUBJECTS.flatMap((subject) => this.pools.of(subject, at));
  }

  /** Books a cost, as a settlement or as what recovery makes of a request in flight. */
  async book(at: number, costNanoUsd: number, kind: 'settled' | 'interrupted'): Promise<void> {
    this.#sequence += 1;
    const admission = {
      requestId: `${this.lease.id} ${this.#sequence}`,
      clientId: 'client',
      apiKeyId: 'key',
      dialect: 'chat',
      requestedModel: 'vendor/model',
      provider: 'vendor',
      model: 'model',
      stream: false,
      hasImages: false,
      inputCharacters: 40,
      tags: null,
      endUser: null,
      session: null,
    };
    const reserved = reservedEntry({ admission, createdAt: at, money: NO_MONEY }, this.lease.id);
    const status = kind === 'settled' ? 'ok' : 'interrupted';
    await this.entries.append({ ...reserved, sequence: 1, kind, status, costNanoUsd });
  }

  async stop(): Promise<void> {
    await this.treasury.onModuleDestroy();
    await this.writer.drain();
  }

  /** Ends without giving anything back; recovery is what follows. */
  async crash(): Promise<void> {
    this.grants.isDead = true;
    await this.stop();
  }
}

export function budgetOf(
  subject: (typeof SUBJECTS)[number],
  limitNanoUsd: number,
  rest: Partial<BudgetRule> = {},
): BudgetRule {
  return {
    id: `${subject.scope} ${limitNanoUsd}`,
    ...subject,
    limitNanoUsd,
    period: 'total',
    timeZone: 'UTC',
    alertPercents: [],
    source: 'config',
    ...rest,
  };
}
