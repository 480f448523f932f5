import { ApiProperty } from '@nestjs/swagger';
import type { CostPart } from '../../catalog/cost-parts.js';
import { BODY_KINDS, type BodyKind } from '../../usage/bodies/body-kinds.js';
import type { RequestDetails } from '../../usage/requests/request-details.js';
import type { Neighbours } from '../../usage/requests/request-list.js';
import {
  BODY_STATES,
  type BodyState,
  type KnownBody,
} from '../../usage/requests/request-body-states.js';
import type { Leg, UsageEntry } from '../../usage/usage-entry.js';
import { RequestRowView, requestRowView } from './request-row.view.js';
import { usdOf } from './usage-figures.view.js';

/** One call of a provider. */
export class RequestAttemptView {
  provider!: string;
  model!: string;
  /** `ok`, `error` or `aborted`. */
  status!: string;
  /** The kind of failure. */
  error!: string | null;
  httpStatus!: number | null;
  /** Milliseconds after the arrival of the request. */
  startedMs!: number;
  durationMs!: number;
  /** Why nothing else was tried: `budget`, `deadline` or `calls`. */
  stoppedBy!: string | null;
  /** One of two calls for the same answer. */
  hedge!: boolean;
}

/** What became of a part of the request on its way to the provider. */
export class TranslatedFieldView {
  field!: string;
  /** `mapped`, `emulated`, `approximated` or `dropped`. */
  outcome!: string;
}

/** What was written before the provider was called. */
export class RequestReservationView {
  /** ISO 8601. */
  createdAt!: string;
  /** Input tokens as they were estimated. */
  inputTokens!: number;
  /** Money that was set aside, whole nano-USD as text; null where nobody has a budget. */
  reservedNanoUsd!: string | null;
}

/** What was booked, at the end or by a correction. */
export class RequestBookingView {
  /** `settled`, `interrupted` or `adjusted`. */
  kind!: string;
  /** ISO 8601. */
  recordedAt!: string;
  status!: string;
  provider!: string;
  model!: string;
  inputTokens!: number;
  outputTokens!: number;
  /** Whole nano-USD as text; null when the model had no price. */
  costNanoUsd!: string | null;
}

/** One thing that the request is charged for. */
export class CostPartView {
  /** Kind of token, unit, `webSearch` or `request`. */
  of!: string;
  count!: number;
  /** Trillionths of a US dollar for each. */
  picoUsdEach!: number;
  /** Whole pico-USD as text; their sum, rounded half up, is the cost. */
  picoUsd!: string;
  /** US dollars, for display. */
  costUsd!: number;
}

/** The price that was applied. */
export class AppliedPriceView {
  id!: string;
  /** `override`, `imported`, `free` or `simulated`. */
  source!: string;
  /** Package and version of imported prices. */
  sourceVersion!: string | null;
  /** From when on the source says that it holds. */
  effectiveFrom!: string | null;
  /** The whole price, with rates in pico-USD. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  price!: object;
}

/** Whether a body can be read, and if not, why. */
export class RequestBodyStateView {
  @ApiProperty({ enum: BODY_KINDS })
  kind!: BodyKind;
  @ApiProperty({ enum: BODY_STATES })
  state!: BodyState;
  /** Of the whole body; null where it is not kept. */
  bytes!: number | null;
  /** Something that looked like a key is masked, also where it is truncated. */
  redacted!: boolean;
}

/** All that the books have of a request, without what was said in it. */
export class RequestDetailsView extends RequestRowView {
  cacheWriteTokens!: number;
  inputAudioTokens!: number;
  inputImageTokens!: number;
  outputAudioTokens!: number;
  outputImageTokens!: number;
  webSearches!: number;
  /** What was used that is no token, such as `{"image":2}`. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  units!: object | null;
  /** What the provider says that it charged, whole nano-USD as text. */
  providerCostNanoUsd!: string | null;
  /** `standard_tier_rates`: the price has no rates for the tier that was served. */
  priceNote!: string | null;
  serviceTier!: string | null;
  upstreamRequestId!: string | null;
  tags!: string | null;
  user!: string | null;
  session!: string | null;
  /** Why it went where it went, such as `strategy=weighted`; null where that is plain. */
  route!: string | null;
  /** Null where everything was passed as it came. */
  translation!: TranslatedFieldView[] | null;
  /** The calls of providers, in their order. */
  legs!: RequestAttemptView[];
  reservation!: RequestReservationView;
  /** Null while the request is open. */
  settlement!: RequestBookingView | null;
  /** What was booked in place of it later, in that order. */
  corrections!: RequestBookingView[];
  /** Null when the model has no price. */
  price!: AppliedPriceView | null;
  cost!: CostPartView[];
  /** The vendor's own words about usage. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  usageRaw!: unknown;
  bodies!: RequestBodyStateView[];
  /** The next newer request within the filter of the query. */
  newerId!: string | null;
  /** The next older one. */
  olderId!: string | null;
}

export interface RequestDetailsParts {
  readonly details: RequestDetails;
  readonly bodies: readonly KnownBody[];
  readonly neighbours: Neighbours;
  readonly clients: ReadonlyMap<string, string>;
}

export function requestDetailsView({
  details,
  bodies,
  neighbours,
  clients,
}: RequestDetailsParts): RequestDetailsView {
  const { entry, reserved, closed, corrections, price, cost } = details;
  return {
    ...requestRowView(entry, clients),
    cacheWriteTokens: entry.cacheWriteTokens + entry.cacheWrite1hTokens,
    inputAudioTokens: entry.inputAudioTokens,
    inputImageTokens: entry.inputImageTokens,
    outputAudioTokens: entry.outputAudioTokens,
    outputImageTokens: entry.outputImageTokens,
    webSearches: entry.webSearches,
    units: entry.units,
    providerCostNanoUsd: textOf(entry.providerCostNanoUsd),
    priceNote: entry.priceNote,
    serviceTier: entry.serviceTier,
    upstreamRequestId: entry.upstreamRequestId,
    tags: entry.tags,
    user: entry.endUser,
    session: entry.session,
    route: entry.route,
    translation: entry.translation === null ? null : fieldsOf(entry.translation),
    legs: entry.legs.map(attemptView),
    reservation: {
      createdAt: new Date(reserved.createdAt).toISOString(),
      inputTokens: reserved.inputTokens,
      reservedNanoUsd: textOf((closed ?? reserved).reservedNanoUsd),
    },
    settlement: closed === undefined ? null : bookingView(closed),
    corrections: corrections.map(bookingView),
    price:
      price === null
        ? null
        : {
            id: price.id,
            source: price.price.source,
            sourceVersion: price.price.sourceVersion ?? null,
            effectiveFrom: price.price.effectiveFrom ?? null,
            price: price.price,
          },
    cost: cost.map(costPartView),
    usageRaw: entry.usageRaw ?? null,
    bodies: [...bodies],
    newerId: neighbours.newer,
    olderId: neighbours.older,
  };
}

function bookingView(entry: UsageEntry): RequestBookingView {
  return {
    kind: entry.kind,
    recordedAt: new Date(entry.recordedAt).toISOString(),
    status: entry.status,
    provider: entry.provider,
    model: entry.model,
    inputTokens: entry.inputTokens,
    outputTokens: entry.outputTokens,
    costNanoUsd: textOf(entry.costNanoUsd),
  };
}

function attemptView(leg: Leg): RequestAttemptView {
  return {
    provider: leg.provider,
    model: leg.model,
    status: leg.status,
    error: leg.error ?? null,
    httpStatus: leg.httpStatus ?? null,
    startedMs: leg.startedMs,
    durationMs: leg.durationMs,
    stoppedBy: leg.stoppedBy ?? null,
    hedge: leg.hedge ?? false,
  };
}

function costPartView({ of, count, picoUsdEach, picoUsd }: CostPart): CostPartView {
  return {
    of,
    count,
    picoUsdEach,
    picoUsd: String(picoUsd),
    costUsd: usdOf((picoUsd + 500n) / 1000n),
  };
}

/** `seed=dropped,user=mapped` by its parts. */
function fieldsOf(translation: string): TranslatedFieldView[] {
  return translation.split(',').map((part) => {
    const end = part.lastIndexOf('=');
    return { field: part.slice(0, end), outcome: part.slice(end + 1) };
  });
}

function textOf(amount: number | null): string | null {
  return amount === null ? null : String(amount);
}
