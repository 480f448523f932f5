import type { Request } from 'express';
import type { ApiError } from '../../common/errors/api-error.js';
import type { ErrorWriter } from '../../common/errors/error-writer.js';
import { convertToMessagesError } from './messages-error.js';

/**
 * Tells errors as Anthropic does: on everything below `/v1/messages`, also where there is no route,
 * and on the routes of models, which both kinds of clients call, to those that name Anthropic's version.
 */
export class MessagesErrorWriter implements ErrorWriter {
  readonly #messages: string;
  readonly #models: string;

  /** @param basePath what all routes begin with; empty for none */
  constructor(basePath: string) {
    this.#messages = `${basePath}/v1/messages`.toLowerCase();
    this.#models = `${basePath}/v1/models`.toLowerCase();
  }

  matches({ path, headers }: Request): boolean {
    const asked = path.toLowerCase();
    if (isWithin(asked, this.#messages)) return true;
    return headers['anthropic-version'] !== undefined && isWithin(asked, this.#models);
  }

  write(error: ApiError, requestId = ''): { status: number; body: unknown } {
    return convertToMessagesError(error, requestId);
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
