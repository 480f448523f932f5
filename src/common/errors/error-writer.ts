import type { Request } from 'express';
import type { ApiError } from './api-error.js';

/** How errors are told on the routes of one client dialect. */
export interface ErrorWriter {
  /** Whether the request is one of the dialect's, also one that never reached its route. */
  matches(request: Request): boolean;
  /** Status and body of the answer. */
  write(error: ApiError, requestId: string | undefined): { status: number; body: unknown };
}
