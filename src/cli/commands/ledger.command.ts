import type { Command } from 'commander';
import { LedgerCheck, type CheckedInvariant } from '../../usage/ledger-check.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../describe-failure.js';
import { registerLedgerRebuildCommand } from './ledger-rebuild.command.js';
import { registerLedgerRepriceCommand } from './ledger-reprice.command.js';

export function registerLedgerCommand(program: Command, context: CliContext): void {
  const ledger = program.command('ledger').description('look after the books');

  ledger
    .command('check')
    .description('hold the books against themselves; fails when an invariant does not hold')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const checked = await context.withApplication((application) =>
        application.get(LedgerCheck).run(),
      );
      if (options.json) context.output.json({ ok: checked.every(holds), invariants: checked });
      else context.output.table(['', 'INVARIANT', 'CHECKED', 'VIOLATIONS'], checked.map(toCells));
      if (!checked.every(holds)) throw new CliError('The ledger does not hold.');
    });

  registerLedgerRebuildCommand(ledger, context);
  registerLedgerRepriceCommand(ledger, context);
}

const holds = ({ violations }: CheckedInvariant): boolean => violations === 0;

function toCells(invariant: CheckedInvariant): string[] {
  return [
    holds(invariant) ? 'ok' : 'FAILED',
    `${invariant.name} ${invariant.says}`,
    String(invariant.checked),
    String(invariant.violations),
  ];
}
