import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InFlight } from '../../../common/in-flight.js';
import { BudgetBalances, type BudgetBalance } from '../../../limits/budgets/budget-balances.js';
import { BudgetsService } from '../../../limits/rules/budgets.service.js';
import { ProcessSample } from '../../../operations/system/process-sample.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { Upstream } from '../../../providers/upstream/upstream.js';
import { budgetView } from '../../limits/budget.view.js';
import { LiveStates } from '../live-states.js';

/** What is in flight has been so for this long, or is not worth telling. */
const IN_FLIGHT_EVERY_MS = 250;
const BREAKERS_EVERY_MS = 250;
const BUDGETS_EVERY_MS = 1_000;
const SYSTEM_EVERY_MS = 1_000;

/** More than anybody reads; the sample of the system has the whole number. */
const MOST_IN_FLIGHT = 500;

/** What a process is doing itself. */
@Injectable()
export class ProcessStates implements OnModuleInit {
  constructor(
    private readonly states: LiveStates,
    private readonly inFlight: InFlight,
    private readonly sample: ProcessSample,
  ) {}

  onModuleInit(): void {
    this.states.add({
      topic: 'in-flight',
      everyMs: IN_FLIGHT_EVERY_MS,
      read: () => this.inFlight.describe(MOST_IN_FLIGHT),
    });
    this.states.add({
      topic: 'system',
      everyMs: SYSTEM_EVERY_MS,
      read: () => [{ ...this.sample.take(), at: new Date().toISOString() }],
    });
  }
}

/** What holds for all processes alike. */
@Injectable()
export class SharedStates implements OnModuleInit {
  constructor(
    private readonly states: LiveStates,
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
    private readonly budgets: BudgetsService,
    private readonly balances: BudgetBalances,
  ) {}

  onModuleInit(): void {
    this.states.add({
      topic: 'breakers',
      everyMs: BREAKERS_EVERY_MS,
      read: () =>
        this.registry.all().map(({ instance }) => ({
          id: instance.name,
          ...this.upstream.breakers(instance),
        })),
    });
    this.states.add({
      topic: 'budgets',
      everyMs: BUDGETS_EVERY_MS,
      read: async () => {
        const rules = await this.budgets.list();
        const balances = await this.balances.of(rules);
        return rules.map((rule) => budgetView(rule, balances.get(rule.id) as BudgetBalance));
      },
    });
  }
}
