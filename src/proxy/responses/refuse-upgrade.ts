import type { Request, Response } from 'express';
import { ApiError } from '../../common/errors/api-error.js';

/**
 * Clients that would rather have a WebSocket go on over HTTP when they are told so by this status.
 * @throws ApiError always
 */
export function refuseUpgrade(request: Request, response: Response): never {
  if (request.headers.upgrade === undefined) {
    throw new ApiError('not_found', `Unknown route: ${request.method} ${request.path}.`);
  }
  // The client may take what follows on this connection for something else than HTTP.
  response.setHeader('connection', 'close');
  throw new ApiError(
    'upgrade_required',
    'Responses are not given over a WebSocket here: use POST, with stream for a stream.',
  );
}
