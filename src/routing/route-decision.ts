import type { Attempt } from './attempts.js';
import { addressOf, type RouteTarget } from './route-target.js';

/** As much as the ledger's column and one header take. */
const MAX_LENGTH = 255;

/** Why a request went where it went, for its row and for `x-llm-proxy-route`. */
export class RouteDecision {
  readonly #notes: string[] = [];
  /** What the request was meant for before anything came between. */
  first: RouteTarget | undefined;

  note(name: string, value: string): void {
    this.#notes.push(`${name}=${value}`);
  }

  /**
   * Such as `strategy=weighted,affinity=session`; empty when the only or first target was simply
   * asked. Visible ASCII, clipped.
   */
  textFor(made: readonly Pick<Attempt, 'target' | 'hedge'>[]): string {
    if (this.#notes.length === 0 && this.#wasPlain(made)) return '';
    return [...this.#notes, ...this.#departures(made)]
      .join(',')
      .replaceAll(/[^\x21-\x7e]/g, '?')
      .slice(0, MAX_LENGTH);
  }

  /** The one that was chosen was asked and nobody else, as with most requests. */
  #wasPlain(made: readonly Pick<Attempt, 'target' | 'hedge'>[]): boolean {
    const [only] = made;
    return (
      made.length === 1 && only?.target === this.first && this.first?.furtherModel === undefined
    );
  }

  /** In what the last call departs from what was chosen. */
  #departures(made: readonly Pick<Attempt, 'target' | 'hedge'>[]): string[] {
    const [first, last] = [made[0]?.target, made.at(-1)?.target];
    if (first === undefined || last === undefined || this.first === undefined) return [];
    const departures = last.furtherModel === undefined ? [] : [`model=${last.furtherModel}`];
    if (made.at(-1)?.hedge === 'won') return [...departures, 'hedge=sent'];
    if (addressOf(last) === addressOf(this.first)) return departures;
    if (last.via !== undefined && last.via !== 'fallback') {
      return [...departures, `fallback=${last.via}`];
    }
    const reason = addressOf(first) === addressOf(last) ? 'no_room' : 'error';
    return [...departures, `fallback=${reason}`];
  }
}
