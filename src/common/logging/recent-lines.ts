import { type Observable, Subject } from 'rxjs';

/** Lines that are remembered, at most. */
const MOST_LINES = 5_000;
/** Characters of them, at most. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** A line of the log, as it was written. */
export interface RecentLine {
  /** Counts from 1 since the process began. */
  readonly number: number;
  /** JSON. */
  readonly text: string;
}

/** The last lines of this process's log: word for word what went out, with what is masked there masked here. */
export class RecentLines {
  readonly #added = new Subject<RecentLine>();
  readonly added: Observable<RecentLine> = this.#added.asObservable();
  #lines: RecentLine[] = [];
  /** Of `#lines` that are forgotten already; they go together, since each shift costs as much. */
  #forgotten = 0;
  #characters = 0;
  #number = 0;

  add(text: string): void {
    this.#number += 1;
    const line = { number: this.#number, text: text.trimEnd() };
    this.#lines.push(line);
    this.#characters += line.text.length;
    this.#forget();
    this.#added.next(line);
  }

  /** Newest first, those before a line. */
  *before(number = Infinity): Generator<RecentLine> {
    for (let index = this.#lines.length - 1; index >= this.#forgotten; index -= 1) {
      const line = this.#lines[index] as RecentLine;
      if (line.number < number) yield line;
    }
  }

  #forget(): void {
    while (
      this.#lines.length - this.#forgotten > MOST_LINES ||
      this.#characters > MOST_CHARACTERS
    ) {
      this.#characters -= (this.#lines[this.#forgotten] as RecentLine).text.length;
      this.#forgotten += 1;
    }
    if (this.#forgotten < MOST_LINES) return;
    this.#lines = this.#lines.slice(this.#forgotten);
    this.#forgotten = 0;
  }
}

/** Of the process, which has one log. */
export const recentLines = new RecentLines();
