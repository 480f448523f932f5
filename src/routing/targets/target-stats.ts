import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Subject, type Observable } from 'rxjs';
import { CLOCK, type Clock } from '../../common/clock.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import { LONGEST_PAUSE_MS } from '../../providers/contract/rate-signal.js';
import { type EndedCall, type TargetCall, verdictOn } from './target-call.js';
import { TargetRecord } from './target-record.js';
import { TargetStates, type TargetState } from './target-states.js';

export type { TargetState } from './target-states.js';

/** Models are the callers' own words where an instance takes any, so what is known of them is bounded. */
const REMEMBERED_TARGETS = 2_000;
/** A vendor that turns calls away and does not say for how long. */
const UNTOLD_PAUSE_MS = 1_000;

/** Where a call goes, as far as the figures know it. */
export interface MeasuredTarget {
  readonly instance: { readonly name: string };
  readonly model: string;
}

/** How a target does at the moment. Times in milliseconds. */
export interface TargetFigures {
  readonly instance: string;
  readonly model: string;
  readonly inFlight: number;
  /** Decaying average over streams; undefined when nothing recent is known. */
  readonly firstChunkMs: number | undefined;
  /** Decaying average over whole answers; undefined as above. */
  readonly latencyMs: number | undefined;
  /** Decaying share of failed calls, 0 to 1. */
  readonly errorRate: number;
  /** How many calls of this moment the error rate rests on. */
  readonly evidence: number;
  /** For how long it asked not to be called; 0 when it did not. */
  readonly pausedForMs: number;
  readonly state: TargetState;
}

/**
 * How every target does, in this process: calls in flight, decaying averages of times and errors,
 * pauses asked for, and the states that health and people give it. Fed by `Attempts`; strategies, health,
 * hedging and metrics read it. What calls show is kept per `instance/model`.
 */
@Injectable()
export class TargetStats {
  readonly #records = new LRUCache<string, TargetRecord>({ max: REMEMBERED_TARGETS });
  /** Only of what the configuration names. */
  readonly states = new TargetStates();
  readonly #ended = new Subject<EndedCall>();
  /** Each call as it ends, for who needs more than averages. */
  readonly ended: Observable<EndedCall> = this.#ended.asObservable();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** A call to the target has been started. */
  begin(target: MeasuredTarget, isStream: boolean): TargetCall {
    const record = this.#recordOf(target);
    const startedAt = this.clock.now();
    let firstValueMs: number | undefined;
    let isOver = false;
    record.inFlight += 1;
    return {
      first: () => {
        firstValueMs ??= this.clock.now() - startedAt;
      },
      end: (error) => {
        if (isOver) return;
        isOver = true;
        record.inFlight -= 1;
        const now = this.clock.now();
        const { instance, model } = record;
        const durationMs = now - startedAt;
        const verdict = verdictOn(error);
        const call = { instance, model, isStream, firstValueMs, durationMs, verdict, error };
        record.ended(call, startedAt, now);
        if (verdict === 'rate_limited') this.pause(target, retryAfterOf(error));
        this.#ended.next(call);
      },
    };
  }

  /**
   * A call that is going to be made there, so that those which are decided meanwhile know of it.
   * To be called back when it has begun or is not made; twice counts once.
   */
  expect(target: MeasuredTarget): () => void {
    const record = this.#recordOf(target);
    let isExpected = true;
    record.expected += 1;
    return () => {
      if (isExpected) record.expected -= 1;
      isExpected = false;
    };
  }

  /** Calls in flight and expected. */
  loadOf(target: MeasuredTarget): number {
    const record = this.#records.get(addressOf(target));
    return record === undefined ? 0 : record.inFlight + record.expected;
  }

  /** Nothing is to be sent there for a while, if it can be helped. */
  pause(target: MeasuredTarget, milliseconds = UNTOLD_PAUSE_MS): void {
    const now = this.clock.now();
    this.#recordOf(target).pause(now + Math.min(milliseconds, LONGEST_PAUSE_MS), now);
  }

  /** The worse of what is said of the instance and of the model. */
  stateOf({ instance, model }: MeasuredTarget): TargetState {
    return this.states.of(instance.name, model);
  }

  /** Whether nothing speaks against sending a request there. */
  isOpen(target: MeasuredTarget): boolean {
    const state = this.stateOf(target);
    return state !== 'disabled' && state !== 'off' && !this.isPaused(target);
  }

  isPaused(target: MeasuredTarget): boolean {
    const record = this.#records.get(addressOf(target));
    return record !== undefined && record.pausedUntil > this.clock.now();
  }

  /** Undefined for a target that was never called, or so long ago that it is forgotten. */
  find(target: MeasuredTarget): TargetFigures | undefined {
    const record = this.#records.get(addressOf(target));
    return record && this.#figuresOf(record);
  }

  /** Of all targets that are remembered. */
  all(): TargetFigures[] {
    return [...this.#records.values()].map((record) => this.#figuresOf(record));
  }

  #figuresOf(record: TargetRecord): TargetFigures {
    const { instance, model, inFlight } = record;
    const now = this.clock.now();
    return {
      instance,
      model,
      inFlight,
      firstChunkMs: record.firstChunkMs(now),
      latencyMs: record.latencyMs(now),
      errorRate: record.errorRate(now),
      evidence: record.evidence(now),
      pausedForMs: Math.max(0, record.pausedUntil - now),
      state: this.stateOf({ instance: { name: instance }, model }),
    };
  }

  #recordOf(target: MeasuredTarget): TargetRecord {
    const address = addressOf(target);
    const known = this.#records.get(address);
    if (known !== undefined) return known;
    const record = new TargetRecord(target.instance.name, target.model);
    this.#records.set(address, record);
    return record;
  }
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof ProviderError ? error.retryAfterMs : undefined;
}

function addressOf({ instance, model }: MeasuredTarget): string {
  return `${instance.name}/${model}`;
}
