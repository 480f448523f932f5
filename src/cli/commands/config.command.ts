import type { Command } from 'commander';
import { stringify } from 'yaml';
import { findConfigClientProblems } from '../../clients/config-clients.js';
import { ConfigurationError } from '../../config/configuration-error.js';
import type { Configuration } from '../../config/configuration.js';
import { configurationJsonSchema } from '../../config/file-reference.js';
import type { CliContext } from '../cli-context.js';

interface Options {
  json?: boolean;
}

export function registerConfigCommand(program: Command, context: CliContext): void {
  const config = program.command('config').description('environment and configuration file');
  config
    .command('validate')
    .description('check everything a start would check')
    .option('--json', 'print JSON')
    .action((options: Options) => validate(context, options));
  config
    .command('print')
    .description('the configuration in force with all defaults; secrets are masked')
    .option('--json', 'print JSON')
    .action((options: Options) => print(context, options));
  config
    .command('schema')
    .description('the JSON Schema of the configuration file')
    .option('--json', 'as it always is')
    .action(() => context.output.line(JSON.stringify(configurationJsonSchema(), null, 2)));
}

async function validate(context: CliContext, options: Options): Promise<void> {
  const configuration = await context.openConfiguration();
  const problems = findConfigClientProblems(configuration.file.clients);
  if (problems.length > 0) throw new ConfigurationError(configuration.path ?? 'file', problems);
  if (options.json) return context.output.json({ valid: true });
  context.output.line('The configuration is valid.');
}

async function print(context: CliContext, options: Options): Promise<void> {
  const effective = effectiveConfiguration(await context.openConfiguration());
  if (options.json) return context.output.json(effective);
  context.output.text(stringify(effective));
}

/** Plain values; turning it into JSON masks whatever is a `Secret`. */
function effectiveConfiguration(configuration: Configuration): unknown {
  const { environment, file } = configuration;
  const providers = configuration.providers();
  return JSON.parse(JSON.stringify({ environment, file: { ...file, providers } })) as unknown;
}
