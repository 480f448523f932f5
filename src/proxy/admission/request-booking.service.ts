import { Injectable } from '@nestjs/common';
import { setRequestId } from '../../common/http/request-context.js';
import type { Hold } from '../../limits/budgets/hold.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { Admission } from '../../usage/admission.js';
import { BodyLog } from '../../usage/bodies/body-log.js';
import type { BodyRecord } from '../../usage/bodies/body-record.js';
import { Ledger } from '../../usage/ledger.js';
import type { Reservation } from '../../usage/reservation.js';
import type { RouteInput } from '../route.js';
import type { Admitted } from './request-stages.js';

const MAX_LABEL_LENGTH = 255;

/** Writes requests into the ledger before they go anywhere. */
@Injectable()
export class RequestBooking {
  constructor(
    private readonly ledger: Ledger,
    private readonly bodies: BodyLog,
  ) {}

  get keepsBodies(): boolean {
    return this.bodies.isOn;
  }

  /** @throws ApiError `ledger_unavailable` */
  async reserve<Input extends RouteInput>(
    admitted: Admitted<Input>,
    hold: Hold,
  ): Promise<Pick<Reservation, 'requestId' | 'settle'>> {
    const { route, exchange } = admitted;
    if (route.isFree === true) return unrecorded(exchange.request.context.requestId);
    const { request, response } = exchange;
    const admission = admissionOf(admitted);
    const reservation = await this.ledger.reserve(
      this.keepsBodies ? { ...admission, bodyLog: true } : admission,
      hold,
    );
    if (reservation.requestId !== request.context.requestId) {
      request.context.requestId = reservation.requestId;
      setRequestId(response, reservation.requestId);
    }
    if (this.keepsBodies) exchange.bodies = this.#beginBodies(reservation, exchange.body);
    return reservation;
  }

  #beginBodies(reservation: BookedRequest, body: string | undefined): BodyRecord | undefined {
    const record = this.bodies.begin(reservation);
    if (body !== undefined) record?.clientSent(body);
    return record;
  }
}

type BookedRequest = Pick<Reservation, 'requestId' | 'createdAt'>;

function admissionOf<Input extends RouteInput>(admitted: Admitted<Input>): Admission {
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

/** As much of a caller's label as the ledger keeps. */
function label(text: string | null | undefined): string | null {
  return text?.slice(0, MAX_LABEL_LENGTH) ?? null;
}

/** Stands for a row where there is none. */
function unrecorded(requestId: string): Pick<Reservation, 'requestId' | 'settle'> {
  return { requestId, settle: () => Promise.resolve({ costNanoUsd: null }) };
}
