import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.js';

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
    while (budget.take() !== undefined) taken += 1;
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
    const loan = budget.take();
    expect(takeAll(budget)).toBe(9);
    budget.giveBack(loan!);
    expect(takeAll(budget)).toBe(1);
    time = 10_000;
    expect(takeAll(budget)).toBe(10);
    budget.giveBack(loan!);
    expect(takeAll(budget)).toBe(0);
  });
});
