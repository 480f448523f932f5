import type { NextFunction, Request, Response } from 'express';
import { INITIAL_ANSWER_HEADERS } from './answer-headers.js';

/** Puts the answer headers on every answer of the client API, so that refusals have them too. */
export function initialAnswerHeaders(_: Request, response: Response, next: NextFunction): void {
  for (const name in INITIAL_ANSWER_HEADERS) {
    response.setHeader(name, INITIAL_ANSWER_HEADERS[name] as string);
  }
  next();
}
