import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { ApiKeysService, type InsertWithKey } from '../../clients/api-keys.service.js';
import type { KeyRole } from '../../clients/key-role.js';
import type { BudgetPeriod } from '../../limits/rules/budget-rule.js';
import { BudgetsService } from '../../limits/rules/budgets.service.js';
import type { RateLimits } from '../../limits/rules/limit-rule.js';
import { LimitsService } from '../../limits/rules/limits.service.js';
import { parseLifetimeArgument, parseListArgument, parseRoleArgument } from '../arguments.js';
import type { CliContext } from '../cli-context.js';
import {
  parseConcurrent,
  parsePeriod,
  parsePerMinute,
  parseTimeZone,
  parseUsdArgument,
} from '../figure-arguments.js';
import { expiryAfter, printCreatedKey } from '../print-key.js';

interface Options extends RateLimits {
  client: string;
  role: KeyRole;
  models?: string[];
  expiresIn: number | null;
  /** Nano-USD. */
  budgetUsd?: number;
  budgetPeriod: BudgetPeriod;
  budgetTimeZone?: string;
  json?: boolean;
}

export function registerKeysCreateCommand(keys: Command, context: CliContext): void {
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--client <name>', 'whose key; the client is made when there is none')
    .option('--role <role>', 'client, or admin to open /api too', parseRoleArgument, 'client')
    .option(
      '--models <names>',
      'models a new client may use, e.g. fast,openai/*',
      parseListArgument,
    )
    .option('--expires-in <time>', 'such as 30d, or never', parseLifetimeArgument, null)
    .option('--requests-per-minute <count>', 'limit of this key', parsePerMinute)
    .option('--tokens-per-minute <count>', 'limit of this key', parsePerMinute)
    .option('--max-concurrent <count>', 'limit of this key', parseConcurrent)
    .option('--budget-usd <amount>', 'what this key may cost', parseUsdArgument)
    .option('--budget-period <period>', 'total, day, week or month', parsePeriod, 'total')
    .option('--budget-time-zone <name>', 'whose midnight begins a period', parseTimeZone)
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const created = await context.withApplication((application) =>
        application.get(ApiKeysService).createForClientName(options.client, {
          role: options.role,
          allowedModels: options.models,
          expiresAt: expiryAfter(options.expiresIn),
          insertWith: insertRules(application, options),
        }),
      );
      printCreatedKey(context.output, created, options);
    });
}

/** The key's limits and budget come into being with it, so that it is never good without them. */
function insertRules(application: INestApplicationContext, options: Options): InsertWithKey {
  const { requestsPerMinute, tokensPerMinute, maxConcurrent, budgetUsd } = options;
  const limits = { requestsPerMinute, tokensPerMinute, maxConcurrent };
  return async (manager, keyId) => {
    const subject = { scope: 'key', scopeId: keyId } as const;
    if (Object.values(limits).some((figure) => figure !== undefined)) {
      await application.get(LimitsService).putWithin(manager, { ...subject, ...limits });
    }
    if (budgetUsd === undefined) return;
    await application.get(BudgetsService).createWithin(manager, {
      ...subject,
      limitNanoUsd: budgetUsd,
      period: options.budgetPeriod,
      timeZone: options.budgetTimeZone,
    });
  };
}
