/** What is published under one name. A name ends with its unit, that of a counter with `_total`. */
export interface Figure<Label extends string = string> {
  readonly name: `llm_proxy_${string}`;
  readonly help: string;
  /** Each takes few values, which no client can invent: every combination is kept for good. */
  readonly labels: readonly Label[];
}

export type LabelValues<Label extends string> = Readonly<Record<Label, string>>;

/** One sample of a figure. */
export interface Reading<Label extends string> {
  readonly labels: LabelValues<Label>;
  readonly value: number;
}

/** A figure as its documentation lists it. */
export interface DescribedFigure extends Figure {
  readonly type: 'counter' | 'gauge' | 'histogram';
}
