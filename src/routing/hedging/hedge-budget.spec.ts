import { describe, expect, it } from 'vitest';
import { HedgeBudget } from './hedge-budget.js';

/** Of so many requests, each of which would be sent twice. */
function hedgedOf(budget: HedgeBudget, requests: number, percent: number): number {
  let hedged = 0;
  for (let request = 0; request < requests; request += 1) {
    budget.count();
    if (budget.take(percent)) hedged += 1;
  }
  return hedged;
}

describe(HedgeBudget.name, () => {
  it.each([
    [5, 5, 5],
    [199, 5, 10],
    [219, 5, 10],
    [220, 5, 11],
    [1_000, 1, 10],
    [1_000, 5, 50],
    [10_000, 5, 500],
    [50, 100, 50],
  ])('sends of %i requests at most %i percent twice, or ten: %i', (requests, percent, hedged) => {
    expect(hedgedOf(new HedgeBudget(), requests, percent)).toBe(hedged);
  });

  it('lets no share be saved up for more than the last thousand requests', () => {
    const budget = new HedgeBudget();
    for (let request = 0; request < 5_000; request += 1) budget.count();
    let hedged = 0;
    while (budget.take(5)) hedged += 1;
    expect(hedged).toBe(50);
    expect(hedgedOf(budget, 900, 5)).toBe(0);
    expect(hedgedOf(budget, 200, 5)).toBeGreaterThan(0);
  });
});
