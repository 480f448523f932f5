import type { NextFunction, Request, Response } from 'express';
import { ApiError } from '../../common/errors/api-error.js';
import type { Overload } from './overload.js';

/** How long it takes at least until it may be over. */
const COME_BACK_AFTER_MS = 2_000;

/** Refuses requests of the client API while the process is overloaded, before anything is done for them. */
export function shedLoad(overload: Overload) {
  return (_request: Request, _response: Response, next: NextFunction): void => {
    if (overload.reason === undefined) {
      next();
      return;
    }
    next(
      new ApiError('overloaded', 'The proxy has too much to do at the moment.', {
        retryAfterMs: COME_BACK_AFTER_MS,
      }),
    );
  };
}
