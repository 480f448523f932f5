import CircuitBreaker from 'opossum';
import { ProviderError, type ProviderErrorKind } from '../contract/provider-error.js';
import type { BreakerSettings } from '../contract/provider-instance.js';

export type BreakerState = 'closed' | 'half-open' | 'open';

/**
 * Permission to call, to be given back with the outcome: which closed period the call began in, or
 * `PROBE`.
 */
export type Ticket = number;

const PROBE: Ticket = -1;
/** While a probe is under way nobody knows for how long; callers look again after this. */
const PROBE_WAIT_MS = 1000;

/** Kinds that say that the upstream is not well. The others are about the request or the account. */
const FAILURES: ReadonlySet<ProviderErrorKind> = new Set(['failed', 'invalid_response', 'timeout']);

/**
 * The breaker of one instance. Opossum keeps the state, the rolling window and the reset timer;
 * the outcomes are reported to it rather than run through `fire()`, because `fire()` knows only
 * success and failure. A probe that its caller aborts is neither, and must leave room for the next
 * one; and what a call that began before the breaker opened says about the upstream is old news,
 * which `fire()` would let close or reopen it.
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  readonly #name: string;
  #circuit: CircuitBreaker | undefined;
  #probing = false;
  #period: Ticket = 0;
  #openedAt = 0;

  constructor(settings: BreakerSettings, name: string) {
    this.#settings = settings;
    this.#name = name;
    if (settings.enabled) this.#circuit = this.#createCircuit();
  }

  get state(): BreakerState {
    const circuit = this.#circuit;
    if (!circuit || circuit.closed) return 'closed';
    return circuit.halfOpen ? 'half-open' : 'open';
  }

  /** Throws a `ProviderError` of kind `unavailable` when the upstream must not be called now. */
  admit(): Ticket {
    const circuit = this.#circuit;
    if (!circuit || circuit.closed) return this.#period;
    if (circuit.halfOpen && !this.#probing) {
      this.#probing = true;
      return PROBE;
    }
    const untilReset = this.#openedAt + this.#settings.resetTimeoutMs - performance.now();
    const retryAfterMs = circuit.halfOpen ? PROBE_WAIT_MS : Math.max(1, Math.ceil(untilReset));
    throw new ProviderError('unavailable', 'The upstream failed too often and is not called', {
      retryAfterMs,
    });
  }

  /** The upstream answered. Returns the ticket under which the rest of the call may fail. */
  succeed(ticket: Ticket): Ticket {
    if (ticket === PROBE) {
      this.#recover();
      return this.#period;
    }
    if (ticket === this.#period && this.#circuit?.closed) {
      this.#circuit.emit('fire');
      this.#circuit.emit('success', undefined, 0);
    }
    return ticket;
  }

  /** The call failed before the upstream had answered. */
  fail(ticket: Ticket, error: ProviderError): void {
    const counts = countsAsFailure(error);
    if (ticket === PROBE) {
      if (error.kind === 'aborted') this.#probing = false;
      else if (counts) this.#reopen();
      else this.#recover();
      return;
    }
    if (error.kind === 'aborted' || ticket !== this.#period || !this.#circuit?.closed) return;
    this.#circuit.emit('fire');
    if (counts) this.#countFailure(this.#circuit, error);
    else this.#circuit.emit('success', undefined, 0);
  }

  /** The call failed after `succeed`: it stays one call, and becomes a failed one. */
  failLate(ticket: Ticket, error: ProviderError): void {
    if (!countsAsFailure(error) || ticket !== this.#period || !this.#circuit?.closed) return;
    this.#countFailure(this.#circuit, error);
  }

  close(): void {
    this.#circuit?.shutdown();
    this.#circuit = undefined;
  }

  #countFailure(circuit: CircuitBreaker, error: ProviderError): void {
    circuit.emit('failure', error, 0, []);
    const { fires, failures } = circuit.stats;
    if (fires < this.#settings.volumeThreshold) return;
    if ((failures / fires) * 100 > this.#settings.errorThresholdPercentage) circuit.open();
  }

  #reopen(): void {
    this.#probing = false;
    this.#circuit?.open();
  }

  /** With an empty window: failures from before must not open it again at the next one. */
  #recover(): void {
    this.#probing = false;
    if (!this.#circuit) return;
    this.#circuit.shutdown();
    this.#circuit = this.#createCircuit();
  }

  #createCircuit(): CircuitBreaker {
    const circuit = new CircuitBreaker(async () => undefined, {
      name: this.#name,
      timeout: false,
      errorThresholdPercentage: this.#settings.errorThresholdPercentage,
      volumeThreshold: this.#settings.volumeThreshold,
      rollingCountTimeout: this.#settings.windowMs,
      resetTimeout: this.#settings.resetTimeoutMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    circuit.on('open', () => {
      this.#openedAt = performance.now();
      this.#period += 1;
    });
    return circuit;
  }
}

/** A 4xx never does, whatever its kind. */
function countsAsFailure(error: ProviderError): boolean {
  const { kind, status } = error;
  return FAILURES.has(kind) && !(status !== undefined && status >= 400 && status < 500);
}
