import { describe, expect, it } from 'vitest';
import { type Loan, RetryBudget } from './retry-budget.js';

const AGAIN = { goesElsewhere: false };
const ELSEWHERE = { goesElsewhere: true };

describe(RetryBudget.name, () => {
  let time = 0;
  const create = (percent = 20): RetryBudget => {
    time = 0;
    return new RetryBudget({ percent, now: () => time });
  };

  const count = (budget: RetryBudget, requests: number): void => {
    for (let index = 0; index < requests; index += 1) budget.count();
  };

  const takeAll = (budget: RetryBudget): number => {
    let taken = 0;
    while (budget.take(AGAIN) !== undefined) taken += 1;
    return taken;
  };

  it('allows a fifth of the requests, exactly', () => {
    const budget = create();
    count(budget, 1_000);
    expect(takeAll(budget)).toBe(200);
  });

  it('allows ten to a proxy that has little to do, and none at 0 percent', () => {
    const budget = create();
    count(budget, 1);
    expect(takeAll(budget)).toBe(10);
    const none = create(0);
    count(none, 1_000);
    expect(takeAll(none)).toBe(0);
  });

  it('looks back on ten seconds', () => {
    const budget = create();
    count(budget, 1_000);
    expect(takeAll(budget)).toBe(200);
    time = 9_999;
    count(budget, 100);
    expect(takeAll(budget)).toBe(20);
    time = 10_000;
    expect(takeAll(budget)).toBe(0);
    time = 20_000;
    expect(takeAll(budget)).toBe(10);
  });

  it('never allows more than a fifth over any stretch of time', () => {
    const budget = create();
    let requests = 0;
    let taken = 0;
    for (let step = 0; step < 2_000; step += 1) {
      time += (step * 7919) % 400;
      const burst = (step * 104_729) % 97;
      requests += burst;
      count(budget, burst);
      if (requests >= 500) taken += takeAll(budget);
    }
    expect(taken).toBeLessThanOrEqual(requests / 5);
    expect(taken).toBeGreaterThan(requests / 10);
  });

  it('takes back what was not used, unless its time has passed', () => {
    const budget = create();
    const loan = budget.take(AGAIN);
    expect(takeAll(budget)).toBe(9);
    budget.giveBack(loan!);
    expect(takeAll(budget)).toBe(1);
    time = 10_000;
    expect(takeAll(budget)).toBe(10);
    budget.giveBack(loan!);
    expect(takeAll(budget)).toBe(0);
  });

  it('leaves half to going elsewhere, where that is possible', () => {
    const budget = create();
    const retries = [];
    for (let index = 0; index < 20; index += 1) {
      retries.push(budget.take({ goesElsewhere: false, hasAlternative: true }));
    }
    expect(retries.filter((loan) => loan !== undefined)).toHaveLength(5);
    expect(takeAll(budget)).toBe(5);
  });

  it('lets others follow whoever got an answer elsewhere, one by one', async () => {
    const budget = create();
    const loans = Array.from({ length: 10 }, () => budget.take(ELSEWHERE)!);
    const told: (Loan | undefined)[] = [];
    for (let index = 0; index < 30; index += 1) {
      expect(budget.wait((loan) => told.push(loan))).toBeDefined();
    }
    for (let index = 0; index < 30; index += 1) {
      budget.giveBack([...loans, ...told][index]!);
      await Promise.resolve();
      expect(told).toHaveLength(index + 1);
    }
    expect(told.every((loan) => loan !== undefined)).toBe(true);
    expect(budget.take(ELSEWHERE)).toBeUndefined();
  });

  it('sends all away who wait, when nobody got an answer', async () => {
    const budget = create();
    const loans = Array.from({ length: 10 }, () => budget.take(ELSEWHERE)!);
    const told: (Loan | undefined)[] = [];
    const leave = budget.wait(() => expect.unreachable());
    for (let index = 0; index < 30; index += 1) budget.wait((loan) => told.push(loan));
    leave?.();
    for (const loan of loans.slice(1)) budget.keep(loan);
    await Promise.resolve();
    expect(told).toEqual([]);
    budget.keep(loans[0]!);
    await Promise.resolve();
    expect(told).toEqual(Array(30).fill(undefined));
  });

  it('lets nobody wait for retries, nor more than a thousand', () => {
    const budget = create();
    budget.take(AGAIN);
    expect(budget.wait(() => undefined)).toBeUndefined();
    budget.take(ELSEWHERE);
    for (let index = 0; index < 1_000; index += 1) {
      expect(budget.wait(() => undefined)).toBeDefined();
    }
    expect(budget.wait(() => undefined)).toBeUndefined();
  });
});
