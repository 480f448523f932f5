import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { CHAT_FIELDS } from './chat/chat-fields.js';
import type { Provider } from './contract/provider.js';
import { PROVIDER_TYPES } from './providers.module.js';
import { translationReference } from './translation-reference.js';

/** Stateless, and nothing is called: what they would be given does not matter. */
const providers = PROVIDER_TYPES.map(
  (Type) => new (Type as unknown as new (...parts: unknown[]) => Provider)({}, {}),
);

describe('the translation table', () => {
  it.each(providers.map((provider) => [provider.type, provider] as const))(
    'has every field for %s',
    (_, { translation }) => {
      expect(Object.keys(translation).toSorted()).toEqual([...CHAT_FIELDS].toSorted());
    },
  );

  /** `vitest run src/providers/translation-reference.spec.ts -u` writes the file anew. */
  it('is published', async () => {
    const text = await format(translationReference(providers), {
      parser: 'markdown',
      printWidth: 100,
    });
    await expect(text).toMatchFileSnapshot('../../docs/reference/translation.md');
  });
});
