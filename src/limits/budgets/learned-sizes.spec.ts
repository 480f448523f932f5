import { describe, expect, it } from 'vitest';
import { NO_USAGE, type TokenUsage } from '../../providers/contract/token-usage.js';
import { LearnedSize, LearnedSizes } from './learned-sizes.js';

function usage(input: number, output: number): TokenUsage {
  return { ...NO_USAGE, inputUncached: input, outputText: output };
}

describe(LearnedSize.name, () => {
  it('lets eight find out, and the others when the first is back', () => {
    const size = new LearnedSize();
    const ends = Array.from({ length: 8 }, () => size.begin());
    expect(size.mayBegin).toBe(false);
    ends[0]?.();
    expect(size.mayBegin).toBe(true);
    size.begin();
    expect(size.mayBegin).toBe(false);
    size.learn(100, usage(25, 10), 0);
    expect(size.mayBegin).toBe(true);
  });

  it('remembers the largest answer, and slowly forgets it', () => {
    const size = new LearnedSize();
    expect(size.outputTokens).toBeUndefined();
    for (const output of [100, 1000, 100]) size.learn(100, usage(25, output), 0);
    expect(size.outputTokens).toBe(944);
    for (let call = 0; call < 200; call += 1) size.learn(100, usage(25, 100), 0);
    expect(size.outputTokens).toBe(101);
  });

  it('takes no prompt for smaller than the ledger would estimate it', () => {
    const size = new LearnedSize();
    expect(size.inputTokens(1000)).toBe(416);
    size.learn(1000, usage(100, 1), 0);
    expect(size.inputTokens(1000)).toBe(250);
  });

  it('knows what a vendor adds to a prompt, whatever the length of the next one', () => {
    const size = new LearnedSize();
    size.learn(40, usage(1040, 1), 0);
    expect(size.inputTokens(40)).toBe(1040);
    expect(size.inputTokens(4000)).toBe(1616 + 1008);
  });

  it('knows how many tokens of the vendor a counted one is', () => {
    const size = new LearnedSize();
    size.learn(40, usage(10, 300), 100);
    expect(size.outputPerCounted).toBe(3);
  });

  it.each([
    ['no stream was seen', [], true],
    ['a stream showed all it cost', [{ output: 120, reasoning: 0, counted: 100 }], false],
    ['a stream showed its thinking', [{ output: 400, reasoning: 300, counted: 380 }], false],
    ['it was dense text', [{ output: 900, reasoning: 0, counted: 100 }], false],
    ['it thought unseen', [{ output: 400, reasoning: 300, counted: 100 }], true],
    ['it thought unseen, as long as it was let', [{ output: 64, reasoning: 63, counted: 1 }], true],
    [
      'it did so once',
      [
        { output: 400, reasoning: 300, counted: 100 },
        { output: 100, reasoning: 0, counted: 100 },
      ],
      true,
    ],
    [
      'it began to',
      [
        { output: 100, reasoning: 0, counted: 100 },
        { output: 400, reasoning: 300, counted: 100 },
      ],
      true,
    ],
    ['all answers came whole', [{ output: 100, reasoning: 0, counted: 0 }], true],
  ])('expects thinking that nobody sees: %s', (_, answers, expected) => {
    const size = new LearnedSize();
    for (const { output, reasoning, counted } of answers) {
      const outputText = output - reasoning;
      size.learn(40, { ...usage(10, outputText), outputReasoning: reasoning }, counted);
    }
    expect(size.mayThinkUnseen).toBe(expected);
  });
});

describe(LearnedSizes.name, () => {
  it('keeps keys and models apart', () => {
    const sizes = new LearnedSizes();
    sizes.of('key', 'vendor', 'model').learn(40, usage(10, 20), 0);
    expect(sizes.of('key', 'vendor', 'model').outputTokens).toBe(20);
    expect(sizes.of('other', 'vendor', 'model').outputTokens).toBeUndefined();
    expect(sizes.of('key', 'vendor', 'other').outputTokens).toBeUndefined();
  });
});
