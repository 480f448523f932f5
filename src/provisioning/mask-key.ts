import type { Secret } from '../common/secret.js';

/** Below this, four letters of a key would be too many of it. */
const SHORTEST_SHOWN = 20;
const PREFIX = /^[A-Za-z]{2,4}[-_]/;

/** Enough to tell one key from another, such as `sk-…abcd`; of a short key nothing. */
export function maskKey(key: Secret): string {
  const text = key.reveal();
  if (text.length < SHORTEST_SHOWN) return '…';
  return `${PREFIX.exec(text)?.[0] ?? ''}…${text.slice(-4)}`;
}
