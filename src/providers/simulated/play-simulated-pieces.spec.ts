import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { Flow } from '../contract/flow.js';
import type { Target } from '../contract/target.js';
import { playSimulatedPieces } from './play-simulated-pieces.js';
import type { SimulatedPace, SimulatedPiece } from './simulated-api.js';

const instance = createInstance('http://simulated.invalid', {
  timeouts: { firstByteMs: 1000, totalMs: 5000 },
});
const AT_ONCE: SimulatedPace = { firstMs: 0 };

/** Text without end, which knows how much of it was read. */
function endless() {
  const source = { read: 0, pieces: undefined as unknown as Iterable<SimulatedPiece> };
  source.pieces = (function* (): Generator<SimulatedPiece> {
    for (;;) {
      source.read += 1;
      yield { kind: 'text', answer: 0, text: 'x' };
    }
  })();
  return source;
}

const texts = (count: number): SimulatedPiece[] =>
  Array.from({ length: count }, () => ({ kind: 'text', answer: 0, text: 'x' }));

function play(
  pieces: Iterable<SimulatedPiece>,
  pace: SimulatedPace,
  overrides: Partial<Target> = {},
) {
  const seen = { pieces: 0, completed: false, error: undefined as unknown };
  const subscription = playSimulatedPieces(
    pieces,
    pace,
    createTarget(instance, overrides),
  ).subscribe({
    next: () => (seen.pieces += 1),
    error: (error: unknown) => (seen.error = error),
    complete: () => (seen.completed = true),
  });
  return { seen, subscription };
}

describe(playSimulatedPieces, () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    // Whatever the end, nothing may be left that runs.
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('is cold and sends everything', async () => {
    const { seen } = play(texts(100), AT_ONCE);
    expect(seen.pieces).toBe(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toMatchObject({ pieces: 100, completed: true });
  });

  it('keeps its pace', async () => {
    const { seen } = play(texts(5), { firstMs: 500, perSecond: 20 });
    await vi.advanceTimersByTimeAsync(499);
    expect(seen.pieces).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.pieces).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(seen.pieces).toBe(3);
    await vi.advanceTimersByTimeAsync(200);
    expect(seen).toMatchObject({ pieces: 5, completed: true });
  });

  it('stops at once when nobody listens any more', async () => {
    const source = endless();
    const { subscription, seen } = play(source.pieces, AT_ONCE);
    await vi.advanceTimersByTimeAsync(0);
    subscription.unsubscribe();
    const { read } = source;
    expect(read).toBe(seen.pieces);
    await vi.advanceTimersByTimeAsync(1000);
    expect(source.read).toBe(read);
  });

  it('stops within a burst', async () => {
    const source = endless();
    const target = createTarget(instance);
    let seen = 0;
    const subscription = playSimulatedPieces(source.pieces, AT_ONCE, target).subscribe(() => {
      seen += 1;
      if (seen === 3) subscription.unsubscribe();
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(source.read).toBe(3);
  });

  it('reads nothing on while it is paused, and nothing is lost', async () => {
    const flow = new Flow();
    const { seen, subscription } = play(texts(100), AT_ONCE, { flow });
    flow.pause();
    await vi.advanceTimersByTimeAsync(500);
    expect(seen.pieces).toBe(0);
    flow.resume();
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toMatchObject({ pieces: 100, completed: true });
    subscription.unsubscribe();
  });

  it('pauses in the middle of a burst', async () => {
    const flow = new Flow();
    const source = endless();
    let seen = 0;
    const subscription = playSimulatedPieces(
      source.pieces,
      AT_ONCE,
      createTarget(instance, { flow }),
    ).subscribe(() => {
      seen += 1;
      if (seen === 5) flow.pause();
    });
    await vi.advanceTimersByTimeAsync(500);
    expect([seen, source.read]).toEqual([5, 5]);
    subscription.unsubscribe();
  });

  it('ends with `aborted`, before and while it runs', async () => {
    const abort = new AbortController();
    const running = play(endless().pieces, AT_ONCE, { signal: abort.signal });
    await vi.advanceTimersByTimeAsync(0);
    abort.abort();
    expect(running.seen.error).toMatchObject({ kind: 'aborted' });
    expect(play(texts(1), AT_ONCE, { signal: abort.signal }).seen.error).toMatchObject({
      kind: 'aborted',
    });
  });

  it('takes its listener off the signal', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    play(texts(1), AT_ONCE, { signal });
    await vi.advanceTimersByTimeAsync(1);
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['nothing comes', { firstMs: Infinity }, {}, 1000],
    ['the first comes too late', { firstMs: 2000 }, {}, 1000],
    ['the whole takes too long', { firstMs: 0, perSecond: 1 }, {}, 5000],
    ['the caller has less time', { firstMs: 0, perSecond: 1 }, { totalMs: 2500 }, 2500],
  ])('times out when %s', async (_name, pace, overrides, after) => {
    const { seen } = play(endless().pieces, pace, overrides);
    await vi.advanceTimersByTimeAsync(after - 1);
    expect(seen.error).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.error).toMatchObject({ kind: 'timeout' });
  });

  it('fails where the vendor does', async () => {
    const fault: SimulatedPiece = { kind: 'fault', fault: 'error-mid-stream' };
    const { seen } = play([...texts(2), fault, ...texts(2)], AT_ONCE);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toMatchObject({ pieces: 2, completed: false, error: { kind: 'failed' } });
  });
});
