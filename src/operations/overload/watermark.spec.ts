import { describe, expect, it } from 'vitest';
import { Watermark } from './watermark.js';

describe(Watermark.name, () => {
  it.each<[string, number[], boolean]>([
    ['not over after one high sample', [9, 120, 9, 120, 9], false],
    ['over after two in a row', [9, 100, 100], true],
    ['over while it only comes down a little', [100, 100, 60, 60, 60, 60, 60], true],
    ['over until it was low four times in a row', [100, 100, 9, 9, 9, 60, 9, 9, 9], true],
    ['well after that', [100, 100, 9, 9, 9, 60, 9, 9, 9, 9], false],
  ])('is %s', (_, samples, isOver) => {
    const watermark = new Watermark(100, 50);
    const changes = samples.filter((sample) => watermark.take(sample));
    expect(watermark.isOver).toBe(isOver);
    expect(changes).toHaveLength(samples.includes(100) ? (isOver ? 1 : 2) : 0);
  });
});
