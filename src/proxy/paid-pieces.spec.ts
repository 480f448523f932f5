import { beforeEach, describe, expect, it } from 'vitest';
import { Flow } from '../providers/contract/flow.js';
import { PaidPieces } from './paid-pieces.js';

let flow: Flow;
let passed: string[];
let payments: Map<string, PromiseWithResolvers<void>>;
let pieces: PaidPieces<string>;

beforeEach(() => {
  flow = new Flow();
  passed = [];
  payments = new Map();
  pieces = new PaidPieces<string>({
    flow,
    pay: (piece) => payments.get(piece)?.promise,
    pass: (piece) => passed.push(piece),
  });
});

function unpaid(piece: string): PromiseWithResolvers<void> {
  const payment = Promise.withResolvers<void>();
  payments.set(piece, payment);
  return payment;
}

const turn = () => new Promise(setImmediate);

describe(PaidPieces.name, () => {
  it('lets through what is paid for, at once', () => {
    for (const piece of ['a', 'b']) pieces.take(piece);
    expect(passed).toEqual(['a', 'b']);
    expect(flow.paused).toBe(false);
  });

  it('keeps back what is not, and everything after it, while the upstream pauses', async () => {
    const [second, fourth] = [unpaid('b'), unpaid('d')];
    const ends: string[] = [];
    for (const piece of ['a', 'b', 'c', 'd', 'e']) pieces.take(piece);
    void pieces.passed().then(() => ends.push('end'));
    expect(passed).toEqual(['a']);
    expect(flow.paused).toBe(true);
    second.resolve();
    await turn();
    expect(passed).toEqual(['a', 'b', 'c']);
    expect(flow.paused).toBe(true);
    expect(ends).toEqual([]);
    fourth.resolve();
    await turn();
    expect(passed).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(flow.paused).toBe(false);
    expect(ends).toEqual(['end']);
  });

  it('tells that a piece will never be paid for, and lets nothing more through', async () => {
    const failures: unknown[] = [];
    pieces.failed = (error) => {
      failures.push(error);
      pieces.drop();
    };
    const reason = new Error('no money');
    const payment = unpaid('a');
    pieces.take('a');
    pieces.take('b');
    payment.reject(reason);
    await turn();
    pieces.take('c');
    expect(failures).toEqual([reason]);
    expect(passed).toEqual([]);
  });

  it('does not go on for a writer whose socket is full', async () => {
    const payment = unpaid('a');
    pieces.take('a');
    flow.pause();
    payment.resolve();
    await turn();
    expect(flow.paused).toBe(true);
    flow.resume();
    expect(flow.paused).toBe(false);
  });
});
