import { Command, CommanderError } from 'commander';
import type { EnvironmentSource } from '../config/environment.js';
import { CliContext } from './cli-context.js';
import { COMMANDS } from './commands.js';
import { describeFailure } from './describe-failure.js';
import { Output, type TextStream } from './output.js';

export interface CliOptions {
  stdout: TextStream;
  stderr: TextStream;
  /** In place of the environment of the process; for tests. */
  environment?: EnvironmentSource;
}

/** Runs one command and resolves with the exit code: 0 only when it did what was asked. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<number> {
  const program = createProgram(options);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said it already, and throws for `--help` too, with the code 0.
    if (error instanceof CommanderError) return error.exitCode;
    options.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}

function createProgram({ stdout, stderr, environment }: CliOptions): Command {
  const program = new Command('llm-proxy')
    .description('Self-hosted LLM gateway.')
    .showHelpAfterError('See --help.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  const context = new CliContext(new Output(stdout), environment);
  for (const register of COMMANDS) register(program, context);
  return program;
}
