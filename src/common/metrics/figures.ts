import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DescribedFigure, Figure, LabelValues, Reading } from './figure.js';
import { Sums } from './sums.js';

export type ReadFigure<Label extends string> = () => Iterable<Reading<Label>>;

/** Where durations and the like are noted down. */
export interface Observer {
  observe(value: number): void;
}

/**
 * The figures of the process. Each feature adds its own, and knows nothing of who publishes them.
 * Gauges are read and sums are copied when somebody asks, so that a figure costs nothing until then.
 */
@Injectable()
export class Figures {
  /** Of this application alone. */
  readonly registry = new Registry();
  readonly #described: DescribedFigure[] = [];
  readonly #gauges = new Map<Figure, ReadFigure<string>[]>();

  /** The figures of features, in no order. */
  get described(): readonly DescribedFigure[] {
    return this.#described;
  }

  addCounter<Label extends string>(figure: Figure<Label>): Sums<Label> {
    const sums = new Sums(figure.labels);
    this.#described.push({ ...figure, type: 'counter' });
    new Counter({
      ...this.#settingsOf(figure),
      collect() {
        this.reset();
        for (const { labels, value } of sums.readings()) this.inc(labels, value);
      },
    });
    return sums;
  }

  /**
   * A figure that is read when somebody asks. Several features may add readings to one figure, each
   * with label values of its own.
   */
  addGauge<Label extends string>(figure: Figure<Label>, read: ReadFigure<Label>): void {
    const others = this.#gauges.get(figure);
    if (others !== undefined) {
      others.push(read);
      return;
    }
    const readers = [read];
    this.#gauges.set(figure, readers as ReadFigure<string>[]);
    this.#described.push({ ...figure, type: 'gauge' });
    new Gauge({
      ...this.#settingsOf(figure),
      collect() {
        this.reset();
        for (const each of readers) {
          for (const { labels, value } of each()) this.set(labels, value);
        }
      },
    });
  }

  /** What a gauge says now. */
  readingsOf<Label extends string>(figure: Figure<Label>): Reading<Label>[] {
    const readers = (this.#gauges.get(figure) ?? []) as ReadFigure<Label>[];
    return readers.flatMap((read) => [...read()]);
  }

  /**
   * @param buckets upper bounds, ascending
   * @returns the observer of one combination of labels; worth keeping
   */
  addHistogram<Label extends string>(
    figure: Figure<Label>,
    buckets: readonly number[],
  ): (labels: LabelValues<Label>) => Observer {
    this.#described.push({ ...figure, type: 'histogram' });
    const histogram = new Histogram({ ...this.#settingsOf(figure), buckets: [...buckets] });
    return (labels) => histogram.labels(labels);
  }

  #settingsOf<Label extends string>({ name, help, labels }: Figure<Label>) {
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }
}
