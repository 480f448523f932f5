import {
  assert,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
  array,
  constant,
} from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Limit, LimitKind } from './limit.js';
import type { Shortage, Ticket } from './limit-store.js';
import { MemoryLimitStore } from './memory-limit-store.js';

let now: number;
let processes: number;
let store: MemoryLimitStore;

beforeEach(() => {
  now = 0;
  processes = 1;
  store = newStore();
});

function newStore(): MemoryLimitStore {
  return new MemoryLimitStore({ now: () => now, processes: () => processes });
}

function limit(kind: LimitKind, most: number, id = kind): Limit {
  return { id, kind, most, scope: 'global', scopeId: '', endpoint: undefined };
}

function take(limits: readonly Limit[], tokens = 0): Ticket {
  const taken = store.take(limits, tokens);
  if (!taken.isTaken) throw new Error('refused');
  return taken;
}

function refuse(limits: readonly Limit[], tokens = 0): Shortage {
  const taken = store.take(limits, tokens);
  if (taken.isTaken) throw new Error('taken');
  return taken;
}

describe(MemoryLimitStore.name, () => {
  it('lets in as many as the limit says, and tells when the next one may come', () => {
    const limits = [limit('requests', 2)];
    expect(take(limits).standings).toMatchObject([{ remaining: 1, waitMs: 60_000 }]);
    now = 10_500;
    expect(take(limits).standings).toMatchObject([{ remaining: 0, waitMs: 49_500 }]);
    now = 20_000;
    expect(refuse(limits).standings).toMatchObject([
      { remaining: 0, waitMs: 40_000, isShort: true },
    ]);
    now = 59_999;
    refuse(limits);
    now = 60_000;
    take(limits);
    refuse(limits);
    now = 70_500;
    take(limits);
  });

  it('takes a place in every limit or in none', () => {
    const wide = limit('requests', 3, 'wide' as LimitKind);
    const narrow = limit('requests', 1, 'narrow' as LimitKind);
    const slots = limit('slots', 9);
    const tokens = limit('tokens', 100);
    take([narrow]);
    const { standings } = refuse([wide, slots, tokens, narrow], 50);
    expect(standings.map(({ remaining, isShort }) => [remaining, isShort])).toEqual([
      [3, false],
      [9, false],
      [100, false],
      [0, true],
    ]);
    expect(store.heldSlots).toBe(0);
    expect(take([wide, tokens], 100).standings).toMatchObject([{ remaining: 2 }, { remaining: 0 }]);
  });

  it('waits until enough tokens have left for this request', () => {
    const limits = [limit('tokens', 100)];
    take(limits, 30);
    now = 5_000;
    take(limits, 30);
    now = 7_000;
    take(limits, 40);
    now = 10_000;
    expect(refuse(limits, 30).standings[0]?.waitMs).toBe(50_000);
    expect(refuse(limits, 31).standings[0]?.waitMs).toBe(55_000);
    expect(refuse(limits, 100).standings[0]?.waitMs).toBe(57_000);
    expect(refuse(limits, 101).standings[0]?.waitMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('puts what was used in place of what was taken, once', () => {
    const limits = [limit('tokens', 100)];
    const first = take(limits, 80);
    first.used(10);
    first.used(0);
    expect(take(limits, 90).standings[0]?.remaining).toBe(0);
  });

  it('lets others wait for what was used beyond the estimate', () => {
    const limits = [limit('tokens', 100)];
    take(limits, 10).used(150);
    now = 59_999;
    refuse(limits, 1);
    now = 60_000;
    take(limits, 100);
  });

  it('gives nothing back to a window that has passed', () => {
    const limits = [limit('tokens', 100)];
    const early = take(limits, 100);
    now = 60_000;
    take(limits, 100);
    early.used(0);
    refuse(limits, 1);
  });

  it('holds slots until they are released, once', () => {
    const limits = [limit('slots', 2)];
    const first = take(limits);
    take(limits);
    refuse(limits);
    first.release();
    first.release();
    take(limits);
    refuse(limits);
    expect(store.heldSlots).toBe(2);
  });

  it('is as if a request had never been there when it is undone', () => {
    const limits = [limit('requests', 1), limit('tokens', 5), limit('slots', 1)];
    const ticket = take(limits, 5);
    ticket.undo();
    ticket.release();
    expect(store.heldSlots).toBe(0);
    take(limits, 5);
  });

  it('tells that room was given back, and nothing of what it refused', () => {
    let count = 0;
    store.freed.subscribe(() => (count += 1));
    const limits = [limit('slots', 1), limit('tokens', 9)];
    const ticket = take(limits, 5);
    refuse(limits, 5);
    expect(count).toBe(0);
    ticket.used(5);
    expect(count).toBe(0);
    ticket.release();
    expect(count).toBe(1);
  });

  it.each([0, -0])('lets nothing in where %d is the limit', (most) => {
    for (const kind of ['requests', 'tokens', 'slots'] as const) {
      expect(refuse([limit(kind, most)], 1).standings[0]?.waitMs).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it.each([
    [1, 3, 3],
    [2, 3, 1],
    [3, 3, 1],
    [4, 3, 1],
    [2, 0, 0],
  ])('holds to its share: of %d processes, %d makes %d', (count, most, share) => {
    processes = count;
    const limits = [limit('requests', most)];
    for (let taken = 0; taken < share; taken += 1) take(limits);
    refuse(limits);
  });

  it('forgets windows that are idle', () => {
    for (let each = 0; each < 100; each += 1) {
      take([limit('requests', 1, `of ${each}` as LimitKind)]);
    }
    expect(store.size).toBe(100);
    now = 60_000;
    take([limit('requests', 1)]);
    expect(store.size).toBe(1);
  });

  const STEP = record({
    afterMs: oneof(nat(50), nat(5_000), constantFrom(999, 1_000, 1_001, 59_000, 60_000)),
    tokens: nat(40),
    what: constantFrom('take', 'take', 'take', 'use', 'undo'),
    which: nat(),
    used: oneof(constant(0), integer({ min: 0, max: 60 })),
  });

  it('never has more than the limit in any minute, whatever is given back', () => {
    assert(
      property(array(STEP, { maxLength: 120 }), integer({ min: 1, max: 8 }), (steps, most) => {
        now = 0;
        store = newStore();
        const limits = [limit('requests', most), limit('tokens', 100)];
        const admitted: {
          at: number;
          tokens: number;
          counted: number;
          ticket: Ticket;
          isOver: boolean;
        }[] = [];
        for (const { afterMs, tokens, what, which, used } of steps) {
          now += afterMs;
          const one = admitted[which % Math.max(1, admitted.length)];
          if (what === 'take') {
            const taken = store.take(limits, tokens);
            const inMinute = admitted.filter(({ at, isOver }) => !isOver && at > now - 60_000);
            const requests = inMinute.length;
            const sum = inMinute.reduce((total, each) => total + each.counted, 0);
            if (taken.isTaken) {
              expect(requests + 1).toBeLessThanOrEqual(most);
              expect(sum + tokens).toBeLessThanOrEqual(100);
              admitted.push({ at: now, tokens, counted: tokens, ticket: taken, isOver: false });
            } else {
              // It may be refused for a slot's length more than it has to, and never for longer.
              const slack = admitted.filter(({ at, isOver }) => !isOver && at > now - 61_000);
              const slackSum = slack.reduce((total, each) => total + each.counted, 0);
              expect(slack.length + 1 > most || slackSum + tokens > 100).toBe(true);
            }
          } else if (one !== undefined && what === 'use') {
            one.ticket.used(used);
            if (one.counted === one.tokens && !one.isOver) one.counted = used;
            one.tokens = Number.NaN;
          } else if (one !== undefined && !Number.isNaN(one.tokens)) {
            one.ticket.undo();
            one.isOver = true;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
