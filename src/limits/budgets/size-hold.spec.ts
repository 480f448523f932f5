import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeRates, type Price } from '../../catalog/price.js';
import {
  costOf,
  mostTokens,
  payableAfter,
  payableTokens,
  sizeExtension,
  sizeHold,
  type AnswerSize,
} from './size-hold.js';

const rate = fc.integer({ min: 0, max: 100_000_000 });
const price = fc
  .record({ input: rate, output: rate, perRequest: fc.nat(1_000_000) })
  .map(({ input, output, perRequest }): Price => ({
    source: 'override',
    rounded: false,
    rates: completeRates({
      input,
      output,
      cacheRead: null,
      cacheWrite: null,
      cacheWrite1h: null,
      inputAudio: null,
      inputImage: null,
      outputReasoning: null,
      outputAudio: null,
      outputImage: null,
    }),
    tiers: [],
    perRequestNanoUsd: perRequest,
    webSearchNanoUsd: 0,
  }));
const answer = fc.record({
  price,
  inputTokens: fc.nat(1_000_000),
  bound: fc.option(fc.nat(200_000), { nil: undefined }),
  typical: fc.option(fc.nat(20_000), { nil: undefined }),
  isMetered: fc.boolean(),
  mayHide: fc.boolean(),
});
const left = fc.oneof(fc.nat(), fc.constant(Infinity), fc.nat(1000));

function cost(size: AnswerSize, tokens: number): number {
  return costOf(size, tokens) ?? 0;
}

describe(sizeHold, () => {
  it('pays for the input, asks for whole amounts, and never for more than the bound costs', () => {
    fc.assert(
      fc.property(answer, left, (size, money) => {
        const { amount, minimum } = sizeHold(size, money);
        expect(Number.isSafeInteger(amount) && Number.isSafeInteger(minimum)).toBe(true);
        expect(minimum).toBeLessThanOrEqual(amount);
        expect(minimum).toBeGreaterThanOrEqual(cost(size, 0));
        expect(amount).toBeLessThanOrEqual(cost(size, mostTokens(size)));
      }),
    );
  });

  it('never cuts an answer below what such answers have needed', () => {
    fc.assert(
      fc.property(answer, left, (size, money) => {
        fc.pre(!size.isMetered || size.mayHide);
        const { typical = 64 } = size;
        const bound = mostTokens(size);
        const { minimum } = sizeHold(size, money);
        expect(payableTokens(size, minimum, bound)).toBeGreaterThanOrEqual(
          Math.min(bound, typical),
        );
      }),
    );
  });

  it('leaves seven eighths to others where an answer may be long and money is not scarce', () => {
    fc.assert(
      fc.property(answer, left, (size, money) => {
        const { amount, minimum } = sizeHold(size, money);
        const enough = cost(size, Math.max(256, Math.ceil((size.typical ?? 64) * 1.25)));
        expect(amount).toBeLessThanOrEqual(Math.max(minimum, enough, money / 8));
      }),
    );
  });
});

describe(sizeExtension, () => {
  it('pays for what has come, however little is left', () => {
    fc.assert(
      fc.property(answer, left, fc.nat(5000), fc.nat(5000), (size, money, paid, more) => {
        const held = cost(size, paid);
        const running = { heldNanoUsd: held, paidTokens: paid, tokens: paid + more };
        const { amount, minimum } = sizeExtension(size, running, money);
        expect(minimum).toBeLessThanOrEqual(amount);
        const after = { ...running, heldNanoUsd: held + minimum };
        expect(payableAfter(size, after)).toBeGreaterThanOrEqual(paid + more);
      }),
    );
  });
});

describe(payableTokens, () => {
  it('is the largest count that the amount pays for', () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.nat(100_000), (size, amount, most) => {
        const tokens = payableTokens(size, amount, most);
        if (tokens > 0) expect(cost(size, tokens)).toBeLessThanOrEqual(amount);
        if (tokens < most) expect(cost(size, tokens + 1)).toBeGreaterThan(amount);
      }),
    );
  });
});
