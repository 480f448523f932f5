import type { Request, RequestHandler } from 'express';

/**
 * One middleware of several, none of them asynchronous. Each that Express knows of costs it a
 * search, a closure or two and, below a path, a new URL, for every request.
 */
export function inTurn(...handlers: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let index = 0;
    const goOn = (error?: unknown): void => {
      const handler = error === undefined ? handlers[index++] : undefined;
      if (handler === undefined) next(error);
      else void handler(request, response, goOn);
    };
    goOn();
  };
}

/** The handler for a path and everything below it, whatever its case; nothing for others. */
export function below(path: string, handler: RequestHandler): RequestHandler {
  const prefix = path.toLowerCase();
  return (request, response, next) =>
    isBelow(prefix, request) ? handler(request, response, next) : next();
}

function isBelow(prefix: string, { url }: Request): boolean {
  if (url.slice(0, prefix.length).toLowerCase() !== prefix) return false;
  const next = url[prefix.length];
  return next === undefined || next === '/' || next === '?';
}
