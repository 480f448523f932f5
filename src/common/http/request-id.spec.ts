import { describe, expect, it } from 'vitest';
import { newRequestId } from './request-id.js';

describe(newRequestId.name, () => {
  it('gives ids that sort by time and never repeat', () => {
    const ids = Array.from({ length: 10_000 }, newRequestId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });
});
