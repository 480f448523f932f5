import { describe, expect, it } from 'vitest';
import { ApiError } from '../common/errors/api-error.js';
import { findPresentedKey } from './presented-key.js';

const find = (...rawHeaders: string[]) => findPresentedKey({ rawHeaders });

describe(findPresentedKey.name, () => {
  it.each([
    [['Authorization', 'Bearer k1'], 'k1'],
    [['authorization', 'bearer   k1 '], 'k1'],
    [['X-Api-Key', 'k1'], 'k1'],
    [['api-key', 'k1'], 'k1'],
    [['x-api-key', 'k1', 'authorization', 'Bearer k1', 'api-key', 'k1'], 'k1'],
    [['x-api-key', '', 'authorization', 'Bearer k1'], 'k1'],
    [['authorization', 'Bearer', 'x-api-key', 'k1'], 'k1'],
    [['authorization', 'Basic dTpw', 'x-api-key', 'k1'], 'k1'],
    [['authorization', 'Basic dTpw'], undefined],
    [['x-goog-api-key', 'k1', 'cookie', 'api-key=k1', 'host', 'k1'], undefined],
    [[], undefined],
  ])('%j: %s', (rawHeaders, key) => {
    expect(find(...rawHeaders)).toBe(key);
  });

  it.each([
    [['authorization', 'Bearer k1', 'x-api-key', 'k2']],
    [['x-api-key', 'k1', 'api-key', 'k2']],
    [['authorization', 'Bearer k1', 'authorization', 'Bearer k2']],
    [['x-api-key', 'k1', 'X-API-Key', 'k2']],
  ])('refuses %j', (rawHeaders) => {
    expect(() => find(...rawHeaders)).toThrow(
      expect.objectContaining({
        name: ApiError.name,
        code: 'conflicting_credentials',
        status: 400,
      }),
    );
  });
});
