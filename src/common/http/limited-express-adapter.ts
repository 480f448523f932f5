import http, { type IncomingMessage, type ServerOptions } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ApiError } from '../errors/api-error.js';
import { errorEnvelope } from '../errors/error-envelope.js';
import type { HttpLimits } from './http-limits.js';
import { newRequestId } from './request-id.js';

type NotFoundHandler = Parameters<ExpressAdapter['setNotFoundHandler']>[0];

/** How often Node looks for requests that take too long. */
const CHECK_CONNECTIONS_EVERY_MS = 1_000;
/** Longer than the pause that load balancers keep connections for, so that they close first. */
const KEEP_ALIVE_MS = 75_000;

/** Nest's Express adapter over a server with our limits, which Node takes only at its creation. */
export class LimitedExpressAdapter extends ExpressAdapter {
  /** @param isUpgrade whether a request may leave HTTP; the others are answered as they are */
  constructor(
    private readonly limits: HttpLimits,
    private readonly isUpgrade: (request: IncomingMessage) => boolean = () => false,
  ) {
    super();
  }

  override initHttpServer(options: NestApplicationOptions): void {
    const serverOptions: ServerOptions = {
      maxHeaderSize: this.limits.maxHeaderBytes,
      headersTimeout: this.limits.headersTimeoutMs,
      requestTimeout: this.limits.requestTimeoutMs,
      connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
      shouldUpgradeCallback: this.isUpgrade,
    };
    const application = this.getInstance<http.RequestListener>();
    const server =
      options.httpsOptions === undefined
        ? http.createServer(serverOptions, application)
        : https.createServer({ ...serverOptions, ...options.httpsOptions }, application);
    server.on('clientError', answerClientError);
    this.httpServer = server;
  }

  /** For every path: below a base path only, Express would answer the others with a page of its own. */
  override setNotFoundHandler(handler: NotFoundHandler): unknown {
    return super.setNotFoundHandler(handler);
  }
}

/** What Node's parser refuses never becomes a request; its sender gets the same kind of answer all the same. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const told = clientError(error);
  const body = JSON.stringify(errorEnvelope(told));
  socket.end(
    [
      `HTTP/1.1 ${told.status} ${http.STATUS_CODES[told.status] ?? ''}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${newRequestId()}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function clientError(error: NodeJS.ErrnoException): ApiError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('headers_too_large', 'The request headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('request_timeout', 'The request took too long to arrive.');
    default:
      return new ApiError('invalid_value', 'The request is not valid HTTP.');
  }
}
