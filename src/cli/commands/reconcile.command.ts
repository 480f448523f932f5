import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Secret } from '../../common/secret.js';
import { Configuration } from '../../config/configuration.js';
import { describeFileError, readSecretFile } from '../../config/secret-file.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { exceeds } from '../../usage/reconciliation/compare-books.js';
import { fetchReport } from '../../usage/reconciliation/fetch-report.js';
import { Reconciliation } from '../../usage/reconciliation/reconciliation.js';
import { parseDayArgument, parsePercentArgument } from '../arguments.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../describe-failure.js';
import { printComparison } from '../print-comparison.js';

interface Options {
  provider: string;
  from: number;
  to: number;
  file?: string;
  adminKeyFile?: string;
  tolerance: number;
  json?: boolean;
}

const DEFAULT_TOLERANCE_PERCENT = 0.1;

export function registerReconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description("hold the ledger against the provider's own books; fails when they differ")
    .requiredOption('--provider <name>', 'instance, such as openai, anthropic or openrouter')
    .requiredOption('--from <day>', 'first day, UTC', parseDayArgument)
    .requiredOption('--to <day>', 'day after the last one', parseDayArgument)
    .option('--file <path>', "the provider's answers as JSON, one or a list, instead of asking it")
    .option('--admin-key-file <path>', 'file with the key to ask with')
    .option(
      '--tolerance <percent>',
      'drift of tokens or cost that is still accepted',
      parsePercentArgument,
      DEFAULT_TOLERANCE_PERCENT,
    )
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { provider: name, from, to, file, tolerance } = options;
      const comparison = await context.withApplication(
        async (application) => {
          const registered = application.get(ProviderRegistry).find(name);
          if (registered === undefined) throw new CliError('There is no provider of this name.');
          const { provider, instance } = registered;
          const reporting = provider.usageReporting;
          if (reporting === undefined) throw new CliError('This provider has no report of usage.');
          const range = { from, to };
          const adminKey = await adminKeyOf(options, application.get(Configuration), provider.type);
          const pages =
            file === undefined
              ? await fetchReport({ reporting, instance, adminKey, range })
              : await readPages(file);
          const reported = pages.flatMap((page) => reporting.read(page));
          return application.get(Reconciliation).compare(name, range, reported);
        },
        [ProvidersModule],
      );
      const ok = !exceeds(comparison, tolerance);
      if (options.json) context.output.json({ ok, tolerancePercent: tolerance, ...comparison });
      else printComparison(context.output, comparison);
      if (!ok) throw new CliError(`The books differ by more than ${tolerance} %.`);
    });
}

async function adminKeyOf(
  { adminKeyFile }: Options,
  { environment }: Configuration,
  type: string,
): Promise<Secret | undefined> {
  if (adminKeyFile === undefined) {
    const { openaiAdminKey, anthropicAdminKey, openrouterAdminKey } = environment;
    const keys = new Map([
      ['openai', openaiAdminKey],
      ['anthropic', anthropicAdminKey],
      ['openrouter', openrouterAdminKey],
    ]);
    return keys.get(type);
  }
  try {
    return new Secret((await readSecretFile(adminKeyFile)).text);
  } catch (error) {
    throw new CliError(`The file of the key ${describeFileError(error)}.`);
  }
}

async function readPages(path: string): Promise<readonly unknown[]> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(content) ? (content as unknown[]) : [content];
  } catch (error) {
    if (error instanceof SyntaxError) throw new CliError('The file of the report is not JSON.');
    throw new CliError(`The file of the report ${describeFileError(error)}.`);
  }
}
