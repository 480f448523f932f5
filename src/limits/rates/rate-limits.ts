import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { Attempted } from './fair-queue.js';
import { UnusualUse } from '../unusual/unusual-use.js';
import type { Limit } from './limit.js';
import { LimitAdmission } from './limit-admission.js';
import { limitHeaders } from './limit-headers.js';
import { LimitPlans } from './limit-plans.js';
import { LIMIT_STORE, type LimitStore, type Shortage, type Ticket } from './limit-store.js';
import { OPEN_PERMIT, type Permit } from './permit.js';
import { Refusal } from './refusal.js';

/** A request that asks to be let in. */
export interface RateAsk {
  readonly principal: Principal;
  /** Its dialect, as the ledger names it. */
  readonly endpoint: string;
  /** The name that the client asks for; undefined where it is an address, whose limits hold at each attempt. */
  readonly model: string | undefined;
  /** Input and output that it is expected to use; asked for only where something is limited. */
  readonly tokens: () => number;
  /** Milliseconds that its caller will wait at most; undefined when it does not say. */
  readonly remainingMs: number | undefined;
  /** Ends a wait in the queue. */
  readonly signal: AbortSignal;
}

/** Lets requests in as fast as the limits of their key, client, endpoint, model and of all allow. */
@Injectable()
export class RateLimits {
  constructor(
    private readonly plans: LimitPlans,
    private readonly admission: LimitAdmission,
    @Inject(LIMIT_STORE) private readonly store: LimitStore,
    private readonly unusual: UnusualUse,
  ) {}

  /** Requests that wait for room, those that wait for a provider included. */
  get queueDepth(): number {
    return this.admission.queueDepth;
  }

  /** Places in limits of concurrency that requests of this process hold. */
  get heldSlots(): number {
    return this.store.heldSlots;
  }

  /**
   * Takes a place in every limit that concerns the request, or in none; waits for it where its
   * client is to wait.
   * @throws ApiError `rate_limit_exceeded`, as it is or by rejecting
   */
  admit(ask: RateAsk): Permit | Promise<Permit> {
    const { principal, endpoint, model, signal, remainingMs } = ask;
    const lane = `request ${principal.keyId} ${endpoint} ${model ?? ''}`;
    if (this.#limitsOf(ask, lane).length === 0) return OPEN_PERMIT;
    const tokens = Math.min(ask.tokens(), Number.MAX_SAFE_INTEGER);
    const applicant = { clientId: principal.clientId, lane: () => lane, signal, remainingMs };
    // By the rules of that moment: they may have changed while the request waited.
    const attempt = () => this.#take(ask, this.#limitsOf(ask, lane), tokens);
    const admitted = this.admission.admit(applicant, attempt);
    return admitted instanceof Promise ? admitted.then(permitOf) : permitOf(admitted);
  }

  #limitsOf({ principal, endpoint, model }: RateAsk, lane: string): readonly Limit[] {
    return this.plans.forRequest(lane, principal, endpoint, model);
  }

  #take(
    { principal }: RateAsk,
    limits: readonly Limit[],
    tokens: number,
  ): Attempted<Ticket, Refusal> {
    const settle = (outcome: Ticket | Shortage): Ticket | Refusal => {
      if (outcome.isTaken) return outcome;
      const refusal = new Refusal(outcome.standings, tokens);
      if (refusal.isUnusual) this.unusual.tell(principal.clientId);
      return refusal;
    };
    const asked = this.store.take(limits, tokens);
    return asked instanceof Promise ? asked.then(settle) : settle(asked);
  }
}

function permitOf(ticket: Ticket): Permit {
  return new TicketPermit(ticket);
}

class TicketPermit implements Permit {
  readonly headers: Permit['headers'];

  constructor(private readonly ticket: Ticket) {
    this.headers = limitHeaders(ticket.standings);
  }

  used(tokens: number): void {
    this.ticket.used(tokens);
  }

  close(): void {
    this.ticket.used(0);
    this.ticket.release();
  }

  undo(): void {
    this.ticket.undo();
  }
}
