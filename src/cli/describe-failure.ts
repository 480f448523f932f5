import { ApiError } from '../common/errors/api-error.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { DatabaseError } from '../database/database-errors.js';
import { ProviderError } from '../providers/contract/provider-error.js';

/**
 * One sentence for the person at the terminal; of a wrong configuration, every problem. Only typed
 * errors speak for themselves: another one's message may hold SQL or a value that nobody checked.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof ConfigurationError || error instanceof DatabaseError) return error.message;
  if (error instanceof CliError) return error.message;
  if (error instanceof ProviderError) return `The provider: ${error.message}.`;
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const kind = [name, code].filter((part) => typeof part === 'string').join(', ');
  return `The command failed unexpectedly (${kind || 'unknown reason'}).`;
}

/** A command cannot do what was asked; the message is a sentence for the person at the terminal. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
