import { describe, expect, it } from 'vitest';
import { findCookie } from './request-cookie.js';

describe(findCookie.name, () => {
  it.each([
    ['a=1', '1'],
    ['b=2; a=1; c=3', '1'],
    ['b=2;a=1', '1'],
    ['a=1=2', '1=2'],
    ['a=', ''],
    ['a=1; a=2', '1'],
    ['aa=1', undefined],
    ['a', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('finds a in %j: %j', (cookie, value) => {
    expect(findCookie({ headers: cookie === undefined ? {} : { cookie } }, 'a')).toBe(value);
  });
});
