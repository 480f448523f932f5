import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/errors/api-error.js';
import { InFlight } from '../common/in-flight.js';
import { Configuration } from '../config/configuration.js';
import type { Permit } from '../limits/rates/permit.js';
import type { RoutePlan } from '../routing/route-plan.js';
import { Router } from '../routing/router.service.js';
import { TokenEstimator } from '../usage/estimation/token-estimator.js';
import { RequestAdmission } from './admission/request-admission.service.js';
import { RequestBooking } from './admission/request-booking.service.js';
import type { Admissible, Admitted, Placed } from './admission/request-stages.js';
import { readJsonBody } from './body/read-json-body.js';
import { takeModels } from './body/take-models.js';
import { Upload } from './body/upload.js';
import { Call } from './call.js';
import { type AskedFor, Exchange } from './exchange.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import type { IdempotentAnswer } from './idempotency/idempotent-answer.js';
import type { Route, RouteBase, RouteInput, StreamSettings, UploadRoute } from './route.js';

/** What a request says beside its route's own input. */
interface Asked {
  /** Of the body, which an idempotency key belongs to; undefined where there can be none. */
  readonly text: string | undefined;
  /** Models to be asked after the first one. */
  readonly further: readonly string[];
}

/** The pipeline: what happens to every request of the client API, in this order. */
@Injectable()
export class ProxyService {
  readonly #streams: StreamSettings;

  constructor(
    private readonly router: Router,
    private readonly admission: RequestAdmission,
    private readonly booking: RequestBooking,
    private readonly estimator: TokenEstimator,
    private readonly idempotency: Idempotency,
    private readonly inFlight: InFlight,
    private readonly configuration: Configuration,
  ) {
    const { streamKeepAliveMs, streamStallTimeoutMs } = configuration.environment;
    this.#streams = { keepAliveMs: streamKeepAliveMs, stallMs: streamStallTimeoutMs };
  }

  /** @throws ApiError before the first byte of an answer; later failures are told in the stream */
  async answer<Input extends RouteInput>(
    route: Route<Input>,
    request: Request,
    response: Response,
  ): Promise<void> {
    const { maxBodyBytes, maxJsonDepth } = this.configuration.environment;
    const whole = await readJsonBody(request, { maxBytes: maxBodyBytes, maxDepth: maxJsonDepth });
    const { body, further } =
      route.takesModels === true ? takeModels(whole) : { body: whole, further: [] };
    const read = route.read(body, request);
    const input = read instanceof Promise ? await read : read;
    const exchange = new Exchange(request, response, shuttingDown, askedFor(route, input));
    if (this.booking.keepsBodies) exchange.body = whole.text;
    await this.#admit(route, input, exchange, { text: whole.text, further });
  }

  /**
   * The same for a form with files, which is not held in memory.
   * @throws ApiError as `answer`
   */
  async answerUpload<Input extends RouteInput>(
    route: UploadRoute<Input>,
    request: Request,
    response: Response,
  ): Promise<void> {
    refuseIdempotency(request);
    const { maxBodyBytes, dataDir } = this.configuration.environment;
    const upload = await Upload.begin(request, { maxBytes: maxBodyBytes, directory: dataDir });
    try {
      const input = route.readUpload(upload);
      const exchange = new Exchange(request, response, shuttingDown, askedFor(route, input));
      const asked = { text: undefined, further: [] };
      await this.#admit(route, input, exchange, asked);
    } finally {
      await upload.release();
    }
  }

  async #admit<Input extends RouteInput>(
    route: RouteBase<Input>,
    input: Input,
    exchange: Exchange,
    { text, further }: Asked,
  ): Promise<void> {
    const { request, response, principal } = exchange;
    const plan = this.#planFor(route, [input.model, ...further], principal);
    if (this.inFlight.draining) throw shuttingDown();
    this.inFlight.add(exchange);
    try {
      const begun =
        text === undefined ? undefined : this.idempotency.begin(request, principal.clientId, text);
      const answer = begun === undefined ? undefined : await begun;
      if (answer?.replay(response) === true) return;
      await this.#carryOut({ route, exchange, input, plan }, answer);
    } finally {
      exchange.close();
      this.inFlight.remove(exchange);
    }
  }

  /** The places of the models whose provider has what the route asks for. */
  #planFor<Input extends RouteInput>(
    { serves }: RouteBase<Input>,
    models: readonly string[],
    principal: Principal,
  ): RoutePlan {
    const plan = this.router.planFor(models, principal);
    if (serves === undefined) return plan;
    const serving = plan.filter(serves);
    if (serving !== undefined) return serving;
    throw new ApiError(
      'unsupported_parameter',
      `No provider of the model '${models[0]}' can answer this kind of request.`,
      { param: 'model' },
    );
  }

  async #carryOut<Input extends RouteInput>(
    admissible: Admissible<Input>,
    answer: IdempotentAnswer | undefined,
  ): Promise<void> {
    try {
      const admitted = this.admission.admit(admissible);
      const permit = admitted instanceof Promise ? await admitted : admitted;
      try {
        await this.#enter(this.admission.choose(admissible), permit, answer);
      } finally {
        permit.close();
      }
    } catch (error) {
      await answer?.release();
      // Who is told to go while it waits is told why.
      throw admissible.exchange.endedBecause ?? error;
    }
  }

  async #enter<Input extends RouteInput>(
    admitted: Admitted<Input>,
    permit: Permit,
    answer: IdempotentAnswer | undefined,
  ): Promise<void> {
    try {
      const place = await this.admission.place(admitted, permit);
      try {
        await this.#call(place, permit, answer);
      } finally {
        // What was not used is given back.
        place.entrance.used(0);
        place.entrance.leave();
      }
    } finally {
      admitted.choice.begun();
    }
  }

  async #call<Input extends RouteInput>(
    { admitted, hold, entrance }: Placed<Input>,
    permit: Permit,
    answer: IdempotentAnswer | undefined,
  ): Promise<void> {
    const { route } = admitted;
    const reservation = await this.booking.reserve(admitted, hold);
    admitted.exchange.request.context.accepted = true;
    const call = new Call({
      ...admitted,
      permit,
      hold,
      hedge: this.admission.hedgeOf(admitted, hold),
      entrance: entrance.index === 0 ? entrance : { ...entrance, index: 0 },
      enterNext: (index, targets) => this.admission.enterNext(admitted, index, targets),
      isFree: route.isFree === true,
      reservation,
      router: this.router,
      estimator: this.estimator,
      answer,
    });
    await route.answer(call, this.#streams);
  }
}

function askedFor<Input extends RouteInput>(
  { dialect }: RouteBase<Input>,
  { model, stream }: Input,
): AskedFor {
  return { dialect, model, stream };
}

/** A form that is passed on while it arrives cannot be compared with one that came before. */
function refuseIdempotency(request: Request): void {
  if (request.get('idempotency-key') === undefined) return;
  throw new ApiError('invalid_value', 'Uploads cannot have an idempotency key.', {
    param: 'idempotency-key',
  });
}

function shuttingDown(): ApiError {
  return new ApiError('shutting_down', 'The proxy is shutting down.', { retryAfterMs: 1000 });
}
