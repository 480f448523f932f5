import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../common/errors/api-error.js';
import { FairQueue, type NotYet } from './fair-queue.js';

const FULL: NotYet = {
  waitMs: 600_000,
  toError: () => new ApiError('rate_limit_exceeded', 'Full.'),
};

let room: number;
let served: string[];
let undone: string[];
let queue: FairQueue;

beforeEach(() => {
  room = 0;
  served = [];
  undone = [];
  queue = new FairQueue(100);
});

interface Options {
  waitMs?: number;
  signal?: AbortSignal;
  lane?: string;
  refusal?: NotYet;
  attempt?: () => { undo: () => void } | NotYet | Promise<{ undo: () => void } | NotYet>;
}

/** One that waits for room and says when it got it. */
function wait(clientId: string, name: string, options: Options = {}): Promise<unknown> {
  const attempt = () => {
    if (room === 0) return FULL;
    room -= 1;
    return { undo: () => undone.push(name) };
  };
  const { waitMs = 60_000, signal = new AbortController().signal, lane = clientId } = options;
  return queue
    .wait({ clientId, lane, waitMs, signal }, options.attempt ?? attempt, options.refusal ?? FULL)
    .then(() => served.push(name));
}

async function free(places: number): Promise<void> {
  room += places;
  queue.wake();
  await new Promise((resolve) => setImmediate(resolve));
}

describe(FairQueue.name, () => {
  it('serves the clients in turn, and each one in the order in which its requests came', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4']) void wait('a', name);
    for (const name of ['b1', 'b2']) void wait('b', name);
    void wait('c', 'c1');
    expect(queue.depth).toBe(7);
    await free(1);
    expect(served).toEqual(['a1']);
    await free(1);
    expect(served).toEqual(['a1', 'b1']);
    await free(9);
    expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect([queue.depth, room]).toEqual([0, 4]);
  });

  it('gives a client one turn, whichever of its lanes', async () => {
    for (const name of ['a1', 'a2']) void wait('a', name, { lane: 'one' });
    for (const name of ['A1', 'A2']) void wait('a', name, { lane: 'other' });
    for (const name of ['b1', 'b2']) void wait('b', name);
    await free(6);
    expect(served).toEqual(['a1', 'b1', 'A1', 'b2', 'a2', 'A2']);
  });

  it('does not hold up others behind one that meets a limit of its own', async () => {
    void wait('a', 'never', { lane: 'own', attempt: () => FULL });
    void wait('a', 'a1');
    void wait('b', 'b1');
    await free(2);
    expect(served).toEqual(['a1', 'b1']);
    expect(queue.depth).toBe(1);
  });

  it('knows who is ahead in the same lane', async () => {
    const place = { clientId: 'a', lane: 'a', waitMs: 1, signal: new AbortController().signal };
    expect(queue.findAhead(place)).toBeUndefined();
    void wait('a', 'a1');
    expect(queue.findAhead(place)).toBe(FULL);
    expect(queue.findAhead({ ...place, lane: 'other' })).toBeUndefined();
    await free(1);
    expect(queue.findAhead(place)).toBeUndefined();
  });

  it('refuses as the limit does, at the deadline', async () => {
    await expect(wait('a', 'a1', { waitMs: 5 })).rejects.toMatchObject({
      code: 'rate_limit_exceeded',
    });
    expect(queue.depth).toBe(0);
  });

  it('refuses at once when it is full', async () => {
    queue = new FairQueue(1);
    void wait('a', 'a1');
    await expect(wait('b', 'b1')).rejects.toThrow('Full.');
    expect(queue.depth).toBe(1);
  });

  it('lets go of who leaves, and of who had left before', async () => {
    const leaver = new AbortController();
    const leaving = wait('a', 'a1', { signal: leaver.signal });
    void wait('a', 'a2');
    leaver.abort();
    await expect(leaving).rejects.toThrow('Full.');
    await expect(wait('a', 'a3', { signal: leaver.signal })).rejects.toThrow('Full.');
    expect(queue.depth).toBe(1);
    await free(2);
    expect(served).toEqual(['a2']);
    expect(room).toBe(1);
  });

  it('gives back what comes when nobody waits for it any more', async () => {
    const leaver = new AbortController();
    const answer = Promise.withResolvers<{ undo: () => void }>();
    const leaving = wait('a', 'a1', {
      signal: leaver.signal,
      attempt: () => answer.promise,
    });
    queue.wake();
    leaver.abort();
    await expect(leaving).rejects.toThrow('Full.');
    answer.resolve({ undo: () => undone.push('a1') });
    await free(0);
    expect(undone).toEqual(['a1']);
  });

  it('tries again by itself when the limit said that there would be room', async () => {
    room = 1;
    await wait('a', 'a1', { refusal: { ...FULL, waitMs: 3 } });
    expect(served).toEqual(['a1']);
  });

  it('refuses who has come to fit never, and fails with who cannot be tried', async () => {
    const never = { ...FULL, waitMs: Number.POSITIVE_INFINITY };
    const hopeless = wait('a', 'a1', { attempt: () => never });
    const failing = wait('b', 'b1', { attempt: () => Promise.reject(new Error('broken')) });
    queue.wake();
    await expect(hopeless).rejects.toThrow('Full.');
    await expect(failing).rejects.toThrow('broken');
    expect(queue.depth).toBe(0);
  });
});
