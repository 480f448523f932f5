import type { Command } from 'commander';
import type { ModelAddress } from '../../catalog/model-address.js';
import { formatUsd } from '../../common/money/format-usd.js';
import { Repricing } from '../../usage/repricing/repricing.js';
import { parseModelArgument, parseTimeArgument } from '../arguments.js';
import type { CliContext } from '../cli-context.js';

interface Options {
  from: number;
  to: number;
  model?: ModelAddress;
  dryRun?: boolean;
  json?: boolean;
}

export function registerLedgerRepriceCommand(ledger: Command, context: CliContext): void {
  ledger
    .command('reprice')
    .description('book past requests at the prices that hold for them now')
    .requiredOption('--from <time>', 'admitted at or after it, ISO 8601, UTC', parseTimeArgument)
    .requiredOption('--to <time>', 'admitted before it', parseTimeArgument)
    .option('--model <instance/model>', 'only what this model answered', parseModelArgument)
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print JSON')
    .action(async ({ from, to, model, dryRun = false, json }: Options) => {
      const report = await context.withApplication((application) =>
        application.get(Repricing).run({ from, to, model, dryRun }),
      );
      const { requests, changed, withoutPrice, beforeNanoUsd, afterNanoUsd } = report;
      if (json) {
        return context.output.json({
          dryRun,
          requests,
          changed,
          withoutPrice,
          beforeNanoUsd: Number(beforeNanoUsd),
          afterNanoUsd: Number(afterNanoUsd),
        });
      }
      const change = dryRun ? 'would change' : 'changed';
      context.output.line(`Requests: ${requests}, of which ${change}: ${changed}.`);
      if (withoutPrice > 0)
        context.output.line(`Left as booked, without a price: ${withoutPrice}.`);
      context.output.line(
        `Cost: $${formatUsd(beforeNanoUsd)} before, $${formatUsd(afterNanoUsd)} after.`,
      );
    });
}
