import { getDataSourceToken } from '@nestjs/typeorm';
import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { findLatencyDifferences, rebuildLatencies } from '../../usage/latency/rebuild-latencies.js';
import { rebuildRollups } from '../../usage/rollups/rebuild-rollups.js';
import { findRollupDifferences } from '../../usage/rollups/rollup-differences.js';
import type { CliContext } from '../cli-context.js';

interface Options {
  dryRun?: boolean;
  json?: boolean;
}

export function registerLedgerRebuildCommand(ledger: Command, context: CliContext): void {
  ledger
    .command('rebuild')
    .description('make the roll-ups anew from the entries, as far back as there are entries')
    .option('--dry-run', 'only count the roll-ups that are wrong')
    .option('--json', 'print JSON')
    .action(async ({ dryRun = false, json }: Options) => {
      const { checked, violations } = await context.withApplication(async (application) => {
        const reader = application.get<DataSource>(getDataSourceToken(ANALYTICS));
        const rollups = await findRollupDifferences(reader);
        const latencies = await findLatencyDifferences(reader);
        if (!dryRun) {
          const writer = application.get(GroupCommitWriter);
          await rebuildRollups(writer, reader);
          await rebuildLatencies(writer, reader);
        }
        return {
          checked: rollups.checked + latencies.checked,
          violations: rollups.violations + latencies.violations,
        };
      });
      if (json) return context.output.json({ dryRun, rollups: checked, wrong: violations });
      const done = dryRun ? 'Nothing was changed.' : 'All were made anew.';
      context.output.line(`Roll-ups: ${checked}, of which wrong: ${violations}. ${done}`);
    });
}
