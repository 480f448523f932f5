import { expect, it } from 'vitest';
import { safeReturn } from './safe-return';

it.each([
  ['/requests?model=fast', '/requests?model=fast'],
  [undefined, '/'],
  ['https://elsewhere.example', '/'],
  ['//elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/login?returnTo=%2F', '/'],
])('returns from %s to %s', (returnTo, path) => {
  expect(safeReturn(returnTo)).toBe(path);
});
