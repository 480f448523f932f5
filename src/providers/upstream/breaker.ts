import CircuitBreaker from 'opossum';
import { ProviderError, type ProviderErrorKind } from '../contract/provider-error.js';
import type { BreakerSettings } from '../contract/provider-instance.js';
import type { BreakerShare, SharedBreaker } from './breaker-share.js';
import { ResetInterval } from './reset-interval.js';

export type BreakerState = 'closed' | 'half-open' | 'open';

/**
 * Permission to call, to be given back with the outcome: which closed period the call began in, or,
 * below zero, which probe it is.
 */
export type Ticket = number;

/** While a probe is under way nobody knows for how long; callers look again after this. */
const PROBE_WAIT_MS = 1000;

/** Kinds that say that the upstream is not well. The others are about the request or the account. */
const FAILURES: ReadonlySet<ProviderErrorKind> = new Set(['failed', 'invalid_response', 'timeout']);

/**
 * The breaker of one instance, or of one model of it. Opossum keeps the state, the rolling window
 * and the reset timer; the outcomes are reported to it rather than run through `fire()`, because
 * `fire()` knows only success and failure. A probe that its caller aborts is neither, and must
 * leave room for the next one; and what a call that began before the breaker opened says about the
 * upstream is old news, which `fire()` would let close or reopen it.
 */
export class Breaker implements SharedBreaker {
  readonly #settings: BreakerSettings;
  readonly #name: string;
  readonly #reset: ResetInterval;
  #share: BreakerShare | undefined;
  #circuit: CircuitBreaker | undefined;
  #probe: Ticket | undefined;
  #probes = 0;
  #probedElsewhereUntil = 0;
  #period: Ticket = 0;
  #openUntil = 0;

  constructor(settings: BreakerSettings, name: string) {
    this.#settings = settings;
    this.#name = name;
    this.#reset = new ResetInterval(settings.resetTimeoutMs, settings.maxResetMs);
    if (settings.enabled) this.#circuit = this.#createCircuit(settings.resetTimeoutMs);
  }

  /** From now on probes are agreed upon with other processes, and they hear of its changes. */
  shareWith(share: BreakerShare): void {
    this.#share = share;
  }

  get state(): BreakerState {
    const circuit = this.#circuit;
    if (!circuit || circuit.closed) return 'closed';
    return circuit.halfOpen ? 'half-open' : 'open';
  }

  /** Milliseconds until an open breaker lets a probe through; 0 when it is not open. */
  get openForMs(): number {
    return this.state === 'open' ? Math.max(1, Math.ceil(this.#openUntil - performance.now())) : 0;
  }

  /**
   * Throws, or rejects with, a `ProviderError` of kind `unavailable` when the upstream must not be
   * called now. Only a probe that has to be agreed upon with other processes is waited for.
   */
  admit(): Ticket | Promise<Ticket> {
    const circuit = this.#circuit;
    if (!circuit || circuit.closed) return this.#period;
    const isFree =
      circuit.halfOpen &&
      this.#probe === undefined &&
      this.#probedElsewhereUntil <= performance.now();
    if (!isFree) throw this.#unavailable();
    this.#probes += 1;
    this.#probe = -this.#probes;
    return this.#share === undefined ? this.#probe : this.#claim(this.#share, this.#probe);
  }

  /** The upstream answered. Returns the ticket under which the rest of the call may fail. */
  succeed(ticket: Ticket): Ticket {
    if (ticket < 0) {
      if (ticket === this.#probe) this.#recover();
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
    if (ticket < 0) {
      if (ticket !== this.#probe) return;
      if (error.kind === 'aborted') this.#endProbe();
      else if (counts) this.#open(this.#reset.afterProbe());
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

  /** By hand: closed, with an empty window, whatever it was. */
  reset(): void {
    if (this.#circuit) this.#recover();
    this.#reset.forget();
  }

  /** By hand: open for so long, or as after a failure. Does nothing when it is not enabled. */
  open(forMs?: number): void {
    this.#open(forMs ?? this.#reset.afterClosed());
  }

  openedElsewhere(forMs: number): void {
    if (this.state === 'open') return;
    this.#openFor(this.#reset.follow(forMs));
  }

  closedElsewhere(): void {
    if (this.state !== 'closed') this.#close();
  }

  close(): void {
    this.#endProbe();
    this.#circuit?.shutdown();
    this.#circuit = undefined;
  }

  #unavailable(): ProviderError {
    return new ProviderError('unavailable', 'The upstream failed too often and is not called', {
      retryAfterMs: this.openForMs || PROBE_WAIT_MS,
    });
  }

  async #claim(share: BreakerShare, probe: Ticket): Promise<Ticket> {
    const isOurs = await share.claimProbe();
    // Meanwhile another process, or a person, may have said how the upstream is.
    if (this.#probe === probe) {
      if (isOurs) return probe;
      this.#probe = undefined;
      this.#probedElsewhereUntil = performance.now() + PROBE_WAIT_MS;
    } else if (isOurs && this.#probe === undefined) {
      share.releaseProbe();
    }
    if (this.state === 'closed') return this.#period;
    throw this.#unavailable();
  }

  #endProbe(): void {
    if (this.#probe === undefined) return;
    this.#probe = undefined;
    this.#share?.releaseProbe();
  }

  #countFailure(circuit: CircuitBreaker, error: ProviderError): void {
    circuit.emit('failure', error, 0, []);
    const { fires, failures } = circuit.stats;
    if (fires < this.#settings.volumeThreshold) return;
    if ((failures / fires) * 100 <= this.#settings.errorThresholdPercentage) return;
    this.#open(this.#reset.afterClosed());
  }

  #open(forMs: number): void {
    if (!this.#circuit) return;
    // Told before the probe is given up, so that nobody else begins one in between.
    this.#share?.opened(forMs);
    this.#openFor(forMs);
  }

  #openFor(forMs: number): void {
    this.#endProbe();
    if (!this.#circuit) return;
    // A circuit is made for one length of time.
    this.#renew(forMs);
    this.#openUntil = performance.now() + forMs;
    this.#period += 1;
    this.#circuit.open();
  }

  #recover(): void {
    this.#share?.closed();
    this.#close();
  }

  /** With an empty window: failures from before must not open it again at the next one. */
  #close(): void {
    this.#endProbe();
    this.#probedElsewhereUntil = 0;
    this.#reset.closed();
    this.#renew();
  }

  #renew(resetTimeout = this.#settings.resetTimeoutMs): void {
    if (!this.#circuit) return;
    this.#circuit.shutdown();
    this.#circuit = this.#createCircuit(resetTimeout);
  }

  #createCircuit(resetTimeout: number): CircuitBreaker {
    return new CircuitBreaker(async () => undefined, {
      name: this.#name,
      timeout: false,
      errorThresholdPercentage: this.#settings.errorThresholdPercentage,
      volumeThreshold: this.#settings.volumeThreshold,
      rollingCountTimeout: this.#settings.windowMs,
      resetTimeout,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
  }
}

/** A 4xx never does, whatever its kind. */
function countsAsFailure(error: ProviderError): boolean {
  const { kind, status } = error;
  return FAILURES.has(kind) && !(status !== undefined && status >= 400 && status < 500);
}
