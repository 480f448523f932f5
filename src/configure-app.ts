import { ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { rememberAct } from './audit/acting.js';
import { ApiErrorFilter } from './common/errors/api-error.filter.js';
import { ApiError } from './common/errors/api-error.js';
import { alsoAsRequestId, requestContext } from './common/http/request-context.js';
import { below, inTurn } from './common/http/middleware.js';
import { jsonBody } from './proxy/body/json-body.middleware.js';
import { MessagesErrorWriter } from './proxy/messages/messages-error-writer.js';
import { Refusals } from './proxy/refusals.js';
import { initialAnswerHeaders } from './proxy/initial-headers.middleware.js';
import { LimitedExpressAdapter } from './common/http/limited-express-adapter.js';
import { LIVE_PATH } from './common/live/live-path.js';
import { Configuration } from './config/configuration.js';
import type { Environment } from './config/environment.js';
import { LiveEntrance } from './dashboard/live/live-entrance.js';
import { LiveSocketAdapter } from './dashboard/live/live-socket.adapter.js';
import { OpenapiDocument } from './dashboard/openapi/openapi-document.js';
import { setDataHeaders } from './dashboard/web/page-headers.js';
import { Overload } from './operations/overload/overload.js';
import { shedLoad } from './operations/overload/shed-load.js';

/** What an administrator writes at once is small, and is read before anybody has looked at the key. */
const MAX_API_BODY_BYTES = 1024 * 1024;

/** The HTTP server, with the limits that hold before anybody has looked at a request. */
export function createHttpAdapter(environment: Environment): LimitedExpressAdapter {
  const { basePath, maxHeaderBytes, headersTimeoutMs, requestTimeoutMs } = environment;
  return new LimitedExpressAdapter(
    { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs },
    ({ url }) => url?.split('?', 1)[0] === basePath + LIVE_PATH,
  );
}

/** Everything an application needs beside its modules; shared by the server and the e2e tests. */
export function configureApp(app: NestExpressApplication): void {
  const { basePath, trustProxy, maxJsonDepth } = app.get(Configuration).environment;
  app.disable('x-powered-by');
  app.disable('etag');
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy);
  // Plain Express: Nest's middleware wrapper costs more than the headers themselves.
  app.use(
    inTurn(
      requestContext,
      below(`${basePath}/v1`, initialAnswerHeaders),
      below(`${basePath}/v1/messages`, alsoAsRequestId),
      below(`${basePath}/v1/models`, alsoAsRequestId),
      below(`${basePath}/v1`, shedLoad(app.get(Overload))),
    ),
  );
  app.use(`${basePath}/api`, setDataHeaders);
  app.use(`${basePath}/api`, rememberAct);
  app.use(`${basePath}/api`, jsonBody({ maxBytes: MAX_API_BODY_BYTES, maxDepth: maxJsonDepth }));
  if (basePath !== '') app.setGlobalPrefix(basePath);
  const entrance = app.get(LiveEntrance, { strict: false });
  app.useWebSocketAdapter(
    new LiveSocketAdapter(app, basePath, (request) => entrance.admit(request)),
  );
  app.get(OpenapiDocument).describe(app);
  app.useGlobalFilters(
    new ApiErrorFilter([new MessagesErrorWriter(basePath)], app.get(Refusals).count),
  );
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => {
        const [first] = errors;
        const reasons = Object.values(first?.constraints ?? {});
        const options = first === undefined ? {} : { param: first.property };
        return new ApiError('invalid_value', reasons[0] ?? 'The request is not valid.', options);
      },
    }),
  );
}
