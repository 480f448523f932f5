/** Samples in a row that are above, before it is believed: one long turn is no overload. */
const SAMPLES_TO_RISE = 2;
/** Samples in a row that are below, so that shedding does not begin again with what it kept out. */
const SAMPLES_TO_FALL = 4;

/** Says whether a reading is too high, with hysteresis in height and in time. */
export class Watermark {
  #isOver = false;
  #against = 0;

  /**
   * @param above at or over which it is too high
   * @param below under which it is well again
   */
  constructor(
    private readonly above: number,
    private readonly below: number,
  ) {}

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes the next sample. True when that changed the verdict. */
  take(value: number): boolean {
    const speaksAgainst = this.#isOver ? value < this.below : value >= this.above;
    this.#against = speaksAgainst ? this.#against + 1 : 0;
    if (this.#against < (this.#isOver ? SAMPLES_TO_FALL : SAMPLES_TO_RISE)) return false;
    this.#isOver = !this.#isOver;
    this.#against = 0;
    return true;
  }
}
