import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/errors/api-error.js';
import { setRequestId } from '../common/http/request-context.js';
import { InFlight } from '../common/in-flight.js';
import { Configuration } from '../config/configuration.js';
import { Budgets } from '../limits/budgets/budgets.js';
import type { Hold } from '../limits/budgets/hold.js';
import type { Permit } from '../limits/rates/permit.js';
import { type Entrance, ProviderGate } from '../limits/rates/provider-gate.js';
import { ProviderError } from '../providers/contract/provider-error.js';
import { RateLimits } from '../limits/rates/rate-limits.js';
import type { RouteChoice } from '../routing/route-chooser.js';
import type { RoutePlan } from '../routing/route-plan.js';
import { addressOf, type RouteTarget } from '../routing/route-target.js';
import { Router } from '../routing/router.service.js';
import { estimateTokens } from '../usage/estimate-tokens.js';
import { TokenEstimator } from '../usage/estimation/token-estimator.js';
import { Ledger } from '../usage/ledger.js';
import type { Admission } from '../usage/admission.js';
import type { Reservation } from '../usage/reservation.js';
import { readJsonBody } from './body/read-json-body.js';
import { takeModels } from './body/take-models.js';
import { Upload } from './body/upload.js';
import { Call } from './call.js';
import { Exchange } from './exchange.js';
import { fundRequest } from './fund-request.js';
import { CallHedge } from './hedge/call-hedge.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import type { IdempotentAnswer } from './idempotency/idempotent-answer.js';
import { routeFactsOf } from './route-facts-of.js';
import type { Route, RouteBase, RouteInput, StreamSettings, UploadRoute } from './route.js';

const MAX_LABEL_LENGTH = 255;

/** What a call that is hedged has done so far. */
const SILENT = new ProviderError('timeout', 'The call is silent.');

/** A valid request and where it may go. */
interface Admissible<Input extends RouteInput> {
  readonly route: RouteBase<Input>;
  readonly exchange: Exchange;
  readonly input: Input;
  readonly plan: RoutePlan;
}

/** One that is within its limits, and where it goes. */
interface Admitted<Input extends RouteInput> extends Admissible<Input> {
  readonly choice: RouteChoice;
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
}

/** What a request says beside its route's own input. */
interface Asked {
  /** Of the body, which an idempotency key belongs to; undefined where there can be none. */
  readonly text: string | undefined;
  /** Models to be asked after the first one. */
  readonly further: readonly string[];
}

/** A request with the money and the place for its first attempt. */
interface Placed<Input extends RouteInput> {
  readonly admitted: Admitted<Input>;
  readonly hold: Hold;
  readonly entrance: Entrance;
}

/** The pipeline: what happens to every request of the client API, in this order. */
@Injectable()
export class ProxyService {
  readonly #streams: StreamSettings;

  constructor(
    private readonly router: Router,
    private readonly rates: RateLimits,
    private readonly gate: ProviderGate,
    private readonly budgets: Budgets,
    private readonly ledger: Ledger,
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
    const exchange = new Exchange(request, response, shuttingDown);
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
      const exchange = new Exchange(request, response, shuttingDown);
      const asked = { text: undefined, further: [] };
      await this.#admit(route, route.readUpload(upload), exchange, asked);
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
      const answer =
        text === undefined
          ? undefined
          : await this.idempotency.begin(request, principal.clientId, text);
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
      const permit = await this.#admitted(admissible);
      try {
        await this.#enter(this.#chosen(admissible), permit, answer);
      } finally {
        permit.close();
      }
    } catch (error) {
      await answer?.release();
      // Who is told to go while it waits is told why.
      throw admissible.exchange.endedBecause ?? error;
    }
  }

  /** After it was admitted: who is refused takes nobody's turn. */
  #chosen<Input extends RouteInput>(admissible: Admissible<Input>): Admitted<Input> {
    const { exchange, input, plan } = admissible;
    const choice = this.router.choose(plan, () => routeFactsOf(exchange, input));
    exchange.decision = choice.decision;
    return { ...admissible, choice, targets: choice.targets };
  }

  async #enter<Input extends RouteInput>(
    admitted: Admitted<Input>,
    permit: Permit,
    answer: IdempotentAnswer | undefined,
  ): Promise<void> {
    try {
      const place = await this.#placed(admitted, permit);
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
    const reservation = await this.#reserve(admitted, hold);
    admitted.exchange.request.context.accepted = true;
    const call = new Call({
      ...admitted,
      permit,
      hold,
      hedge: this.#hedgeOf(admitted, hold),
      entrance: { ...entrance, index: 0 },
      enterNext: (index, targets) =>
        this.gate.enterNext({ ...gateAskOf(admitted), targets }, index),
      isFree: route.isFree === true,
      reservation,
      router: this.router,
      estimator: this.estimator,
      answer,
    });
    await route.answer(call, this.#streams);
  }

  /** Never for what must not be done twice. */
  #hedgeOf<Input extends RouteInput>(admitted: Admitted<Input>, hold: Hold): CallHedge | undefined {
    const { plan, input } = admitted;
    const hedge = this.router.hedgeOf(plan, input.stream);
    if (hedge === undefined || input.mayRepeat?.(SILENT) === false) return undefined;
    const { gate, budgets } = this;
    return new CallHedge({
      hedge,
      gate,
      budgets,
      hold,
      gateAsk: gateAskOf(admitted),
      request: admitted,
    });
  }

  /**
   * Money and a place at a provider, before anything is reserved; who gets none has used nothing.
   * The money first: nobody keeps a provider's place while waiting for it.
   */
  async #placed<Input extends RouteInput>(
    admitted: Admitted<Input>,
    permit: Permit,
  ): Promise<Placed<Input>> {
    let hold: Hold | undefined;
    try {
      const asked = fundRequest(this.budgets, admitted);
      const funded = asked instanceof Promise ? await asked : asked;
      hold = funded.hold;
      const affordable = { ...admitted, targets: funded.targets };
      const entered = this.gate.enter(gateAskOf(affordable));
      const entrance = entered instanceof Promise ? await entered : entered;
      return { admitted: atTarget(affordable, entrance), hold, entrance };
    } catch (error) {
      hold?.settle(0);
      permit.undo();
      throw error;
    }
  }

  /** Its headers go out with whatever the answer will be. */
  async #admitted<Input extends RouteInput>(admissible: Admissible<Input>): Promise<Permit> {
    const { route, exchange, input, plan } = admissible;
    const asked = this.rates.admit({
      principal: exchange.principal,
      endpoint: route.dialect,
      model: isAddress(plan, input.model) ? undefined : input.model,
      tokens: () => expectedTokens(admissible),
      signal: exchange.signal,
      remainingMs: exchange.remainingMs,
    });
    const permit = asked instanceof Promise ? await asked : asked;
    for (const name in permit.headers) {
      exchange.response.setHeader(name, permit.headers[name] as string);
    }
    return permit;
  }

  async #reserve<Input extends RouteInput>(
    admitted: Admitted<Input>,
    hold: Hold,
  ): Promise<Pick<Reservation, 'requestId' | 'settle'>> {
    const { route, exchange } = admitted;
    if (route.isFree === true) return unrecorded(exchange.request.context.requestId);
    const { request, response } = exchange;
    const reservation = await this.ledger.reserve(this.#admissionOf(admitted), hold);
    if (reservation.requestId !== request.context.requestId) {
      request.context.requestId = reservation.requestId;
      setRequestId(response, reservation.requestId);
    }
    return reservation;
  }

  #admissionOf<Input extends RouteInput>(admitted: Admitted<Input>): Admission {
    const { route, exchange, input, targets } = admitted;
    const { request, principal } = exchange;
    const target = targets[0] as RouteTarget;
    return {
      requestId: request.context.requestId,
      clientId: principal.clientId,
      apiKeyId: principal.keyId,
      dialect: route.dialect,
      requestedModel: input.model,
      provider: target.instance.name,
      model: target.model,
      stream: input.stream,
      hasImages: input.hasImages,
      inputCharacters: input.characters,
      tags: label(request.get('x-llm-proxy-tags')),
      endUser: label(request.get('x-llm-proxy-user') ?? input.user),
      session: label(request.get('x-llm-proxy-session')),
    };
  }
}

/** What it goes to when the targets before had no room. */
function atTarget<Input extends RouteInput>(
  admitted: Admitted<Input>,
  { index }: Entrance,
): Admitted<Input> {
  return index === 0 ? admitted : { ...admitted, targets: admitted.targets.slice(index) };
}

function gateAskOf<Input extends RouteInput>(admitted: Admitted<Input>) {
  const { route, exchange, targets } = admitted;
  return {
    clientId: exchange.principal.clientId,
    endpoint: route.dialect,
    targets,
    tokens: () => expectedTokens(admitted),
    signal: exchange.signal,
    remainingMs: exchange.remainingMs,
  };
}

/** Of input and output, as far as it can be told beforehand. */
function expectedTokens<Input extends RouteInput>({ route, input }: Admissible<Input>): number {
  if (route.isFree === true) return 0;
  return estimateTokens(input.characters) + (input.maxOutputTokens ?? 0);
}

/** The name is that of a place, which has limits of its own. */
function isAddress({ targets }: RoutePlan, name: string): boolean {
  return targets.some((target) => addressOf(target) === name);
}

/** A form that is passed on while it arrives cannot be compared with one that came before. */
function refuseIdempotency(request: Request): void {
  if (request.get('idempotency-key') === undefined) return;
  throw new ApiError('invalid_value', 'Uploads cannot have an idempotency key.', {
    param: 'idempotency-key',
  });
}

/** As much of a caller's label as the ledger keeps. */
function label(text: string | null | undefined): string | null {
  return text?.slice(0, MAX_LABEL_LENGTH) ?? null;
}

/** Stands for a row where there is none. */
function unrecorded(requestId: string): Pick<Reservation, 'requestId' | 'settle'> {
  return { requestId, settle: () => Promise.resolve({ costNanoUsd: null }) };
}

function shuttingDown(): ApiError {
  return new ApiError('shutting_down', 'The proxy is shutting down.', { retryAfterMs: 1000 });
}
