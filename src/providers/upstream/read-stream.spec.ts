import { concat, Observable, of, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError } from '../contract/provider-error.js';
import { endedEarly, readStream, type StreamReader } from './read-stream.js';
import type { ServerSentEvent } from './upstream-call.js';

/** Tells each record as it is; `end` is the last one, `two` are two, `none` is none. */
class Reader implements StreamReader<string> {
  done = false;
  #read = 0;

  read({ data }: ServerSentEvent): string | string[] | undefined {
    if (data === 'broken') throw new Error('unreadable');
    this.#read += 1;
    this.done = data === 'end';
    if (data === 'none') return undefined;
    return data === 'two' ? ['one', 'two'] : data;
  }

  end(): string[] {
    if (!this.done) throw endedEarly();
    return ['rest'];
  }

  countsSoFar(): string[] {
    return [`count ${this.#read}`];
  }
}

interface Outcome {
  values: string[];
  error?: unknown;
  completed: boolean;
}

function watch(records: Observable<ServerSentEvent>) {
  const outcome: Outcome = { values: [], completed: false };
  const subscription = readStream(records, () => new Reader()).subscribe({
    next: (value) => outcome.values.push(value),
    error: (error: unknown) => (outcome.error = error),
    complete: () => (outcome.completed = true),
  });
  return { outcome, subscription };
}

function records(...texts: string[]): Observable<ServerSentEvent> {
  return of(...texts.map((data) => ({ data })));
}

describe(readStream, () => {
  it('tells what each record stands for, and what is left at the end', () => {
    const { outcome } = watch(records('a', 'none', 'two', 'end'));
    expect(outcome).toEqual({ values: ['a', 'one', 'two', 'end', 'rest'], completed: true });
  });

  it('reads nothing behind the record that ends the answer', () => {
    expect(watch(records('end', 'a', 'broken')).outcome).toEqual({
      values: ['end', 'rest'],
      completed: true,
    });
  });

  it.each([
    ['a record that cannot be read', records('a', 'broken', 'end'), 'unreadable'],
    ['a body that ends early', records('a'), 'The stream ended before the answer was complete'],
    [
      'a connection that breaks',
      new Observable<ServerSentEvent>((subscriber) => {
        subscriber.next({ data: 'a' });
        subscriber.error(new Error('reset'));
      }),
      'reset',
    ],
  ])('tells the counts ahead of the error of %s', (_name, source, message) => {
    expect(watch(source).outcome).toEqual({
      values: ['a', 'count 1'],
      completed: false,
      error: expect.objectContaining({ message }),
    });
  });

  it.each([
    ['nothing was told and another call may help', ['none'], 'failed', []],
    ['something was told', ['a'], 'failed', ['a', 'count 1']],
    ['no other call would help', ['none'], 'rejected', ['count 1']],
  ] as const)('leaves the counts to another call on request: %s', (_name, texts, kind, values) => {
    const reader = Object.assign(new Reader(), { countsOnlyBegun: true });
    const error = new ProviderError(kind, 'No luck');
    const seen: string[] = [];
    const source = concat(
      records(...texts),
      throwError(() => error),
    );
    const failed = vi.fn();
    readStream(source, () => reader).subscribe({ next: (each) => seen.push(each), error: failed });
    expect(seen).toEqual(values);
    expect(failed).toHaveBeenCalledWith(error);
  });

  it('needs no counts', () => {
    const reader: StreamReader<string> = { done: false, read: () => undefined, end: () => [] };
    const next = vi.fn();
    const error = vi.fn();
    const failing = throwError(() => new Error('reset'));
    readStream(failing, () => reader).subscribe({ next, error });
    expect(next).not.toHaveBeenCalled();
    expect(error).toHaveBeenCalledOnce();
  });

  it('makes a reader for each subscription, and none before', () => {
    const create = vi.fn(() => new Reader());
    const stream = readStream(records('end'), create);
    expect(create).not.toHaveBeenCalled();
    stream.subscribe();
    stream.subscribe();
    expect(create).toHaveBeenCalledTimes(2);
  });

  describe('the connection', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('is given a second to end after the answer, and is cut off then', () => {
      const source = new Subject<ServerSentEvent>();
      const { outcome } = watch(source);
      source.next({ data: 'end' });
      expect(outcome.completed).toBe(true);
      vi.advanceTimersByTime(999);
      expect(source.observed).toBe(true);
      vi.advanceTimersByTime(1);
      expect(source.observed).toBe(false);
    });

    it.each([
      ['end', (source: Subject<ServerSentEvent>) => source.complete()],
      ['break', (source: Subject<ServerSentEvent>) => source.error(new Error('reset'))],
    ])('may %s within that second', (_name, stop) => {
      const source = new Subject<ServerSentEvent>();
      const { outcome } = watch(source);
      source.next({ data: 'end' });
      stop(source);
      expect(vi.getTimerCount()).toBe(0);
      expect(outcome).toEqual({ values: ['end', 'rest'], completed: true });
    });

    it('is cut off at once when nobody listens any more', () => {
      const source = new Subject<ServerSentEvent>();
      const { subscription } = watch(source);
      source.next({ data: 'a' });
      subscription.unsubscribe();
      expect(source.observed).toBe(false);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('is cut off at once when a record cannot be read', () => {
      const source = new Subject<ServerSentEvent>();
      watch(source);
      source.next({ data: 'broken' });
      expect(source.observed).toBe(false);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
