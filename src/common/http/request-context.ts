import type { NextFunction, Request, Response } from 'express';
import { newRequestId } from './request-id.js';

/** What identifies a request from its first byte on: in rows, log lines, answers and upstream calls. */
export interface RequestContext {
  /** The caller's own `x-request-id` when it has the right form, else `req_` and a time-ordered id. */
  requestId: string;
  /** From `traceparent`, when the caller takes part in a trace. */
  readonly traceId: string | undefined;
  /** Milliseconds of `performance.now()` at arrival. */
  readonly startedAt: number;
  /** Set once the proxy has taken the request on: however it ends, it is not refused any more. */
  accepted?: true;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended this way
  namespace Express {
    interface Request {
      context: RequestContext;
    }
  }
}

const REQUEST_ID = 'x-request-id';
const ANTHROPIC_REQUEST_ID = 'request-id';
const ACCEPTED_ID = /^[A-Za-z0-9_-]{1,64}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Runs before everything else, so that even a refused request can be found by its id. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && ACCEPTED_ID.test(given) ? given : newRequestId();
  const traceparent = request.headers.traceparent;
  request.context = {
    requestId,
    traceId: typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined,
    startedAt: performance.now(),
  };
  response.setHeader(REQUEST_ID, requestId);
  next();
}

/** For the routes that Anthropic's clients call: they look for the id under a name of their own. */
export function alsoAsRequestId(request: Request, response: Response, next: NextFunction): void {
  response.setHeader(ANTHROPIC_REQUEST_ID, request.context.requestId);
  next();
}

/** Another id than the one that the request came in with. */
export function setRequestId(response: Response, requestId: string): void {
  response.setHeader(REQUEST_ID, requestId);
  if (response.hasHeader(ANTHROPIC_REQUEST_ID)) {
    response.setHeader(ANTHROPIC_REQUEST_ID, requestId);
  }
}
