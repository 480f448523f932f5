import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { configurationReference } from './configuration-reference.js';
import { environmentExample } from './environment-reference.js';
import { VARIABLE_NAMES } from './environment-variables.js';
import { configurationJsonSchema } from './file-reference.js';

/** `vitest run src/config/reference.spec.ts -u` writes the files anew. */
describe('the published reference', () => {
  it('has every environment variable in .env.example', async () => {
    const example = environmentExample();
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names).toHaveLength(VARIABLE_NAMES.length);
    expect(new Set(names)).toEqual(new Set(VARIABLE_NAMES));
    await expect(example).toMatchFileSnapshot('../../.env.example');
  });

  it('has the JSON Schema that the file is checked with', async () => {
    const text = await format(JSON.stringify(configurationJsonSchema()), {
      parser: 'json',
      printWidth: 100,
    });
    await expect(text).toMatchFileSnapshot('../../docs/reference/llm-proxy.schema.json');
  });

  it('describes every variable and every member of the file', async () => {
    const text = await format(configurationReference(), { parser: 'markdown', printWidth: 100 });
    await expect(text).toMatchFileSnapshot('../../docs/reference/configuration.md');
  });
});
