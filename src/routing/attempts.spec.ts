import { concat, NEVER, Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../providers/contract/provider-error.js';
import { Attempts, type AttemptOptions } from './attempts.js';
import type { RouteTarget } from './route-target.js';

const target = (model: string): RouteTarget => ({ model }) as RouteTarget;

function run(options: {
  answers: Observable<string>[];
  targets?: string[];
  maxAttempts?: number;
  signal?: AbortSignal;
  isWanted?: () => boolean;
  enter?: AttemptOptions<string>['enter'];
  measure?: AttemptOptions<string>['measure'];
}) {
  const calls: string[] = [];
  const attempts = new Attempts<string>({
    targets: (options.targets ?? ['a']).map(target),
    signal: options.signal ?? new AbortController().signal,
    isWanted: options.isWanted ?? (() => true),
    ...(options.enter === undefined ? {} : { enter: options.enter }),
    ...(options.measure === undefined ? {} : { measure: options.measure }),
    retries: () => ({ maxAttempts: options.maxAttempts ?? 1, baseMs: 0 }),
    call: ({ model }) => {
      calls.push(model);
      return options.answers[calls.length - 1] ?? throwError(() => new Error('no more answers'));
    },
  });
  const values: string[] = [];
  const ended = new Promise<unknown>((resolve) => {
    attempts.values().subscribe({
      next: (value) => values.push(value),
      error: resolve,
      complete: () => resolve('complete'),
    });
  });
  return { attempts, calls, values, ended };
}

const failing = (kind: ProviderErrorKind, options = {}) =>
  throwError(() => new ProviderError(kind, kind, options));

describe(Attempts.name, () => {
  it('gives the first answer and asks nobody else', async () => {
    const { ended, values, calls } = run({ answers: [of('x', 'y')], targets: ['a', 'b'] });
    expect(await ended).toBe('complete');
    expect(values).toEqual(['x', 'y']);
    expect(calls).toEqual(['a']);
  });

  it('tries a target as often as it may and then the next one', async () => {
    const { ended, values, calls, attempts } = run({
      answers: [failing('failed'), failing('failed'), failing('invalid_response'), of('x')],
      targets: ['a', 'b'],
      maxAttempts: 2,
    });
    expect(await ended).toBe('complete');
    expect(calls).toEqual(['a', 'a', 'b', 'b']);
    expect(values).toEqual(['x']);
    expect(attempts.made.map(({ error }) => error instanceof ProviderError)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it.each(['timeout', 'auth', 'unavailable'] as const)(
    'goes to the next target without trying again after %s',
    async (kind) => {
      const { ended, calls } = run({
        answers: [failing(kind), of('x')],
        targets: ['a', 'b'],
        maxAttempts: 3,
      });
      expect(await ended).toBe('complete');
      expect(calls).toEqual(['a', 'b']);
    },
  );

  it('does not wait for a vendor that asks for long', async () => {
    const { ended, calls } = run({
      answers: [failing('rate_limited', { retryAfterMs: 60_000 })],
      maxAttempts: 3,
    });
    expect(await ended).toMatchObject({ kind: 'rate_limited' });
    expect(calls).toEqual(['a']);
  });

  it('does not try again what the vendor found fault with', async () => {
    const { ended, calls } = run({
      answers: [failing('rejected')],
      targets: ['a', 'b'],
      maxAttempts: 3,
    });
    expect(await ended).toMatchObject({ kind: 'rejected' });
    expect(calls).toEqual(['a']);
  });

  it('never tries again once a value was given', async () => {
    const { ended, values, calls } = run({
      answers: [concat(of('x'), failing('failed')), of('again')],
      targets: ['a', 'b'],
      maxAttempts: 3,
    });
    expect(await ended).toMatchObject({ kind: 'failed' });
    expect(values).toEqual(['x']);
    expect(calls).toEqual(['a']);
  });

  it('ends with the last failure when nobody answers', async () => {
    const { ended } = run({
      answers: [failing('failed'), failing('timeout')],
      targets: ['a', 'b'],
    });
    expect(await ended).toMatchObject({ kind: 'timeout' });
  });

  it('aborts a call in flight, and unsubscribes from it', async () => {
    const controller = new AbortController();
    let unsubscribed = 0;
    const hanging = new Observable<string>(() => () => {
      unsubscribed += 1;
    });
    const { ended, attempts } = run({ answers: [hanging], signal: controller.signal });
    controller.abort();
    expect(await ended).toMatchObject({ kind: 'aborted' });
    expect(unsubscribed).toBe(1);
    expect(attempts.made.at(-1)?.endedAt).toBeTypeOf('number');
  });

  it('aborts the wait before the next call', async () => {
    const controller = new AbortController();
    const { ended, calls } = run({
      answers: [failing('rate_limited', { retryAfterMs: 4_000 }), NEVER],
      maxAttempts: 2,
      signal: controller.signal,
    });
    controller.abort();
    expect(await ended).toMatchObject({ kind: 'aborted' });
    expect(calls).toEqual(['a']);
  });

  it('takes what a call says when it hears the abort', async () => {
    const controller = new AbortController();
    const telling = new Observable<string>((subscriber) => {
      controller.signal.addEventListener('abort', () => {
        subscriber.next('told');
        subscriber.error(new ProviderError('aborted', 'aborted'));
      });
    });
    const { ended, values, attempts } = run({ answers: [telling], signal: controller.signal });
    controller.abort();
    expect(await ended).toMatchObject({ kind: 'aborted' });
    expect(values).toEqual(['told']);
    expect(attempts.made.at(-1)?.error).toMatchObject({ kind: 'aborted' });
  });

  it('marks a call as aborted that does not hear the abort', async () => {
    const controller = new AbortController();
    const { ended, attempts } = run({ answers: [NEVER], signal: controller.signal });
    controller.abort();
    await ended;
    expect(attempts.made.at(-1)?.error).toMatchObject({ kind: 'aborted' });
  });

  it('calls nobody again when nobody waits any more', async () => {
    const { ended, calls } = run({
      answers: [failing('failed'), of('x')],
      targets: ['a', 'b'],
      maxAttempts: 3,
      isWanted: () => false,
    });
    expect(await ended).toMatchObject({ kind: 'failed' });
    expect(calls).toEqual(['a']);
  });

  it('calls nobody again when the last one left during the wait', async () => {
    let asked = 0;
    const { ended, calls } = run({
      answers: [failing('failed'), of('x')],
      maxAttempts: 2,
      isWanted: () => {
        asked += 1;
        return asked === 1;
      },
    });
    expect(await ended).toMatchObject({ kind: 'failed' });
    expect(calls).toEqual(['a']);
  });

  it('calls nobody when it is aborted before it begins', async () => {
    const { ended, calls } = run({ answers: [of('x')], signal: AbortSignal.abort() });
    expect(await ended).toMatchObject({ kind: 'aborted' });
    expect(calls).toEqual([]);
  });
});

describe('the figures of a target', () => {
  function meter() {
    const log: string[] = [];
    const measure = ({ model }: RouteTarget) => {
      log.push(`${model} begins`);
      let isOver = false;
      return {
        first: () => void log.push(`${model} first`),
        end: (error?: unknown) => {
          if (isOver) return;
          isOver = true;
          log.push(`${model} ${error instanceof ProviderError ? error.kind : 'ends'}`);
        },
      };
    };
    return { log, measure };
  }

  it('see each call begin, give its first value and end', async () => {
    const { log, measure } = meter();
    const answers = [failing('failed'), of('x', 'y')];
    const { ended } = run({ answers, targets: ['a', 'b'], measure });
    await ended;
    expect(log).toEqual(['a begins', 'a failed', 'b begins', 'b first', 'b ends']);
  });

  it('see a call that is broken off', async () => {
    const { log, measure } = meter();
    const abort = new AbortController();
    const { ended } = run({ answers: [NEVER], measure, signal: abort.signal });
    abort.abort();
    await ended;
    expect(log).toEqual(['a begins', 'a aborted']);
  });
});

describe('the entrance to a target', () => {
  /** Each target has room unless it is full; says what was entered, left and undone. */
  function doors(full: string, delayed = false) {
    const log: string[] = [];
    const enter = (index: number) => {
      const open = ['a', 'b', 'c'].findIndex((name, at) => at >= index && !full.includes(name));
      if (open < 0) throw new Error('no room');
      log.push(`in ${open}`);
      const entrance = {
        index: open,
        leave: () => void log.push(`out ${open}`),
        undo: () => void log.push(`undone ${open}`),
      };
      return delayed ? Promise.resolve(entrance) : entrance;
    };
    return { log, enter };
  }

  const targets = ['a', 'b', 'c'];

  it.each([false, true])(
    'passes over who has no room, uncounted (delayed: %s)',
    async (delayed) => {
      const { log, enter } = doors('a', delayed);
      const { ended, calls, attempts } = run({ answers: [of('x')], targets, enter });
      expect(await ended).toBe('complete');
      expect(calls).toEqual(['b']);
      expect(attempts.made).toHaveLength(1);
      expect(new Set(log)).toEqual(new Set(['in 1', 'out 1']));
    },
  );

  it('is left before another one is entered, also at the same target', async () => {
    const { log, enter } = doors('b');
    const answers = [failing('failed'), failing('failed'), of('x')];
    const { ended, calls } = run({ answers, targets, maxAttempts: 2, enter });
    expect(await ended).toBe('complete');
    expect(calls).toEqual(['a', 'a', 'c']);
    expect(log.filter((line, index) => line !== log[index - 1])).toEqual([
      'in 0',
      'out 0',
      'in 0',
      'out 0',
      'in 2',
      'out 2',
    ]);
  });

  it('tells of the failure where there was one, else of the lack of room', async () => {
    const tried = run({ answers: [failing('timeout')], targets, enter: doors('bc').enter });
    expect(await tried.ended).toMatchObject({ kind: 'timeout' });
    const untried = run({ answers: [], targets, enter: doors('abc').enter });
    expect(await untried.ended).toMatchObject({ message: 'no room' });
    expect(untried.attempts.made).toEqual([]);
  });

  it('is given back when nobody waits any more', async () => {
    const { log, enter } = doors('', true);
    const abort = new AbortController();
    const { ended, calls } = run({ answers: [of('x')], targets, enter, signal: abort.signal });
    abort.abort();
    expect(await ended).toMatchObject({ kind: 'aborted' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual([]);
    expect(new Set(log)).toEqual(new Set(['in 0', 'undone 0']));
  });
});
