import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { API_ERRORS } from './api-error-table.js';
import { ApiError } from './api-error.js';
import { errorEnvelope, retryHeaders } from './error-envelope.js';
import type { ErrorWriter } from './error-writer.js';

/** Sent when even the error could not be written as it should: it holds nothing that could leak. */
const LAST_RESORT =
  '{"error":{"message":"Internal error.","type":"server_error","param":null,"code":"internal_error"}}';

/** The one place where an error becomes an HTTP answer: in OpenAI's envelope, or in that of another dialect. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(ApiErrorFilter.name);

  /**
   * @param writers of the dialects that tell their errors in another way; the first that matches writes
   * @param notice hears of every error that is answered
   */
  constructor(
    private readonly writers: readonly ErrorWriter[] = [],
    private readonly notice?: (error: ApiError, request: Request) => void,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    try {
      this.#answer(thrown, http.getRequest<Request>(), response);
    } catch (failure) {
      this.#logger.error({ message: 'an error could not be reported', err: failure });
      if (!response.headersSent) response.status(500).type('application/json').end(LAST_RESORT);
      else response.destroy();
    }
  }

  #answer(thrown: unknown, request: Request, response: Response): void {
    const error = toApiError(thrown, request);
    this.notice?.(error, request);
    const level = API_ERRORS[error.code].level;
    const line = {
      message: 'request refused',
      requestId: request.context?.requestId,
      method: request.method,
      path: request.path,
      status: error.status,
      code: error.code,
      ...(level === 'info' ? {} : { err: error.cause ?? error }),
    };
    if (level === 'error') this.#logger.error(line);
    else if (level === 'warn') this.#logger.warn(line);
    else this.#logger.log(line);

    if (response.headersSent) {
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries({ ...error.headers, ...retryHeaders(error) }))
      response.setHeader(name, value);
    // The rest of a body that is not wanted is not read: the connection cannot be used again.
    if (!request.complete || error.code === 'shutting_down')
      response.setHeader('connection', 'close');
    const writer = this.writers.find((each) => each.matches(request));
    const { status, body } = writer?.write(error, request.context?.requestId) ?? {
      status: error.status,
      body: errorEnvelope(error),
    };
    response.status(status).type('application/json').end(JSON.stringify(body));
  }
}

function toApiError(thrown: unknown, request: Request): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof HttpException)) {
    return new ApiError('internal_error', 'Internal error.', { cause: thrown });
  }
  switch (thrown.getStatus()) {
    case 404:
      return new ApiError('not_found', `Unknown route: ${request.method} ${request.path}.`);
    case 413:
      return new ApiError('request_too_large', 'The request body is too large.');
    case 400:
      return new ApiError('invalid_value', 'The request could not be read.', { cause: thrown });
    default:
      return new ApiError('internal_error', 'Internal error.', { cause: thrown });
  }
}
