import type { ApiError } from '../../common/errors/api-error.js';

/** Why something does not fit at the moment. */
export interface NotYet {
  /** Milliseconds until it may fit; infinite when it never will. */
  readonly waitMs: number;
  toError(): ApiError;
}

export interface Place {
  /** Turns go round the clients. */
  readonly clientId: string;
  /** What meets the same limits; in it, who came first is served first. */
  readonly lane: string;
  /** Longest wait, in milliseconds. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** What is waited for; it can be given back when nobody wants it any more. */
export interface Returnable {
  undo(): void;
}

export type Attempted<T, Refused extends NotYet = NotYet> = T | Refused | Promise<T | Refused>;

interface Waiter<T> extends Place {
  readonly attempt: () => Attempted<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
  refusal: NotYet;
  isWaiting: boolean;
  leave: () => void;
}

type AnyWaiter = Waiter<Returnable>;

/**
 * Who waits for room within a limit. Each client has its turn after every other one, however many
 * of its requests wait; nobody overtakes who meets the same limits. Tried again when room was
 * given back (`wake`) and at the time when the first of them may fit.
 */
export class FairQueue {
  /** In the order of their turns: whoever was served goes to the end. */
  readonly #clients = new Map<string, Map<string, AnyWaiter[]>>();
  #depth = 0;
  #isServing = false;
  #isAwake = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, by `performance.now()`. */
  #wakeAt = Number.POSITIVE_INFINITY;

  /** @param capacity of all clients together */
  constructor(private readonly capacity: number) {}

  /** How many wait. */
  get depth(): number {
    return this.#depth;
  }

  /** Why somebody waits whom a newcomer would overtake; undefined when nobody does. */
  findAhead({ clientId, lane }: Place): NotYet | undefined {
    if (this.#depth === 0) return undefined;
    return this.#clients.get(clientId)?.get(lane)?.[0]?.refusal;
  }

  /**
   * Waits until `attempt` succeeds.
   * Rejects with the error of the last refusal at the deadline, when the client leaves, or at once
   * when the queue is full.
   * @param refusal of the attempt that was made, or of those ahead
   */
  wait<T extends Returnable>(
    place: Place,
    attempt: () => Attempted<T>,
    refusal: NotYet,
  ): Promise<T> {
    if (place.signal.aborted || this.#depth >= this.capacity) {
      return Promise.reject(refusal.toError());
    }
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter<T> = {
        ...place,
        attempt,
        resolve,
        reject,
        refusal,
        isWaiting: true,
        leave: () => undefined,
      };
      const giveUp = (): void => {
        this.#remove(waiter as unknown as AnyWaiter);
        reject(waiter.refusal.toError());
      };
      const timer = setTimeout(giveUp, place.waitMs);
      place.signal.addEventListener('abort', giveUp, { once: true });
      waiter.leave = () => {
        clearTimeout(timer);
        place.signal.removeEventListener('abort', giveUp);
      };
      this.#add(waiter as unknown as AnyWaiter);
      this.#wakeIn(refusal.waitMs);
    });
  }

  /** Room may have been given back. */
  wake(): void {
    if (this.#depth === 0) return;
    this.#isAwake = true;
    if (!this.#isServing) void this.#serve();
  }

  /** Wakes nobody any more. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    let soonest = Number.POSITIVE_INFINITY;
    while (this.#isAwake) {
      this.#isAwake = false;
      soonest = Number.POSITIVE_INFINITY;
      const blocked = new Set<AnyWaiter>();
      for (let waiter = this.#next(blocked); waiter; waiter = this.#next(blocked)) {
        const asked = attemptOf(waiter);
        const outcome = asked instanceof Promise ? await asked : asked;
        if (!this.#settle(waiter, outcome)) blocked.add(waiter);
        if (waiter.isWaiting) soonest = Math.min(soonest, waiter.refusal.waitMs);
      }
    }
    this.#isServing = false;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    if (this.#depth > 0) this.#wakeIn(soonest);
  }

  /** Says whether the waiter is done with. */
  #settle(waiter: AnyWaiter, outcome: Outcome): boolean {
    if (!waiter.isWaiting) {
      if ('undo' in outcome) outcome.undo();
      return true;
    }
    if ('undo' in outcome) {
      this.#remove(waiter);
      this.#toTheEnd(waiter);
      waiter.resolve(outcome);
      return true;
    }
    if ('failure' in outcome) {
      this.#remove(waiter);
      waiter.reject(outcome.failure);
      return true;
    }
    waiter.refusal = outcome;
    if (outcome.waitMs !== Number.POSITIVE_INFINITY) return false;
    this.#remove(waiter);
    waiter.reject(outcome.toError());
    return true;
  }

  /** Whose turn it is: the first of a lane that has not been tried in vain. */
  #next(blocked: ReadonlySet<AnyWaiter>): AnyWaiter | undefined {
    for (const lanes of this.#clients.values()) {
      for (const [first] of lanes.values()) {
        if (first !== undefined && !blocked.has(first)) return first;
      }
    }
    return undefined;
  }

  #add(waiter: AnyWaiter): void {
    this.#depth += 1;
    const lanes = this.#clients.get(waiter.clientId) ?? new Map<string, AnyWaiter[]>();
    this.#clients.set(waiter.clientId, lanes);
    const lane = lanes.get(waiter.lane);
    if (lane === undefined) lanes.set(waiter.lane, [waiter]);
    else lane.push(waiter);
  }

  #remove(waiter: AnyWaiter): void {
    if (!waiter.isWaiting) return;
    waiter.isWaiting = false;
    waiter.leave();
    this.#depth -= 1;
    const lanes = this.#clients.get(waiter.clientId);
    const lane = lanes?.get(waiter.lane);
    if (lanes === undefined || lane === undefined) return;
    lane.splice(lane.indexOf(waiter), 1);
    if (lane.length === 0) lanes.delete(waiter.lane);
    if (lanes.size === 0) this.#clients.delete(waiter.clientId);
    // Whoever comes after one that left may fit where it did not.
    else if (lane.length > 0 && !this.#isServing) this.#wakeIn(0);
  }

  #toTheEnd({ clientId, lane: name }: AnyWaiter): void {
    const lanes = this.#clients.get(clientId);
    if (lanes === undefined) return;
    const lane = lanes.get(name);
    if (lane !== undefined) {
      lanes.delete(name);
      lanes.set(name, lane);
    }
    this.#clients.delete(clientId);
    this.#clients.set(clientId, lanes);
  }

  #wakeIn(milliseconds: number): void {
    if (milliseconds === Number.POSITIVE_INFINITY) return;
    const at = performance.now() + milliseconds;
    if (at >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = at;
    this.#timer = setTimeout(
      () => {
        this.#wakeAt = Number.POSITIVE_INFINITY;
        this.wake();
      },
      Math.max(1, Math.ceil(milliseconds)),
    );
  }
}

interface Failure {
  readonly failure: unknown;
}

type Outcome = Returnable | NotYet | Failure;

function attemptOf(waiter: AnyWaiter): Outcome | Promise<Outcome> {
  const fail = (failure: unknown): Failure => ({ failure });
  try {
    const asked = waiter.attempt();
    return asked instanceof Promise ? asked.catch(fail) : asked;
  } catch (error) {
    return fail(error);
  }
}
