import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { readJsonBody, type BodyLimits } from './read-json-body.js';

const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/**
 * Gives the handlers of `/api` their JSON object as `request.body`, read as strictly as that of a
 * client, but with a limit of its own: what is written there is small.
 */
export function jsonBody(limits: BodyLimits): RequestHandler {
  // Express hands a rejection to the error filter.
  return async (request: Request, _response: Response, next: NextFunction): Promise<void> => {
    if (WITH_BODY.includes(request.method) && hasBody(request)) {
      request.body = (await readJsonBody(request, limits)).value;
    }
    next();
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}
