import type { IncomingMessage } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import type { VerifyClientCallbackAsync } from 'ws';
import { ApiError } from '../../common/errors/api-error.js';
import { errorEnvelope } from '../../common/errors/error-envelope.js';

/** Of what a watcher may say at once. */
const MOST_BYTES_IN = 4096;

/** Nest's adapter for plain WebSockets, below the base path, for those only whom `admit` lets in. */
export class LiveSocketAdapter extends WsAdapter {
  constructor(
    app: NestExpressApplication,
    private readonly basePath: string,
    private readonly admit: (request: IncomingMessage) => Promise<void>,
  ) {
    super(app);
  }

  override create(port: number, options: Record<string, unknown> & { path: string }): unknown {
    const verifyClient: VerifyClientCallbackAsync = ({ req }, done) => void this.#verify(req, done);
    return super.create(port, {
      ...options,
      path: `${this.basePath}${options.path}`,
      maxPayload: MOST_BYTES_IN,
      perMessageDeflate: false,
      verifyClient,
    } as Parameters<WsAdapter['create']>[1]);
  }

  async #verify(
    request: IncomingMessage,
    done: Parameters<VerifyClientCallbackAsync>[1],
  ): Promise<void> {
    const refusal = await this.admit(request).then(
      () => undefined,
      (error: unknown) => (error instanceof ApiError ? error : failed(error)),
    );
    if (refusal === undefined) return done(true);
    const body = JSON.stringify(errorEnvelope(refusal));
    done(false, refusal.status, body, { 'content-type': 'application/json' });
  }
}

function failed(cause: unknown): ApiError {
  return new ApiError('internal_error', 'The connection could not be opened.', { cause });
}
