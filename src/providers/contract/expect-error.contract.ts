import { inspect } from 'node:util';
import { expect } from 'vitest';
import { ProviderError, type ProviderErrorKind } from './provider-error.js';

/** Of every instance that the suite makes. */
export const KEY = 'sk-contract-key-that-must-stay-hidden';

/** Of one of these kinds, and without the key anywhere in it. */
export function expectError(error: unknown, ...kinds: readonly ProviderErrorKind[]): void {
  expect(error).toBeInstanceOf(ProviderError);
  const known = error as ProviderError;
  if (kinds.length > 0) expect(kinds, inspect(known)).toContain(known.kind);
  expect(known.message).not.toBe('');
  expect(inspect(known, { depth: 10, showHidden: true })).not.toContain(KEY);
  expect(JSON.stringify(known)).not.toContain(KEY);
}

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  );
}
