import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import type { Installation } from '../../test/smoke/installation.ts';

/** Where the types of the API are kept, made by `npm run generate:api`. */
export const SCHEMA_FILE = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url));

const HEAD = `// Made by \`npm run generate:api\` from what the server says of itself. Not edited by hand.\n\n`;

/** What a member becomes whose type the compiler's plugin could not see: it wants one written down. */
const UNTYPED = /: Record<string, never>|schemas"\]\["Object"\]/;

/** The types of the API of a running proxy, as TypeScript. */
export async function schemaOf(proxy: Installation): Promise<string> {
  const created = await proxy.run('keys create --client openapi --role admin --json');
  const { key } = JSON.parse(created) as { key: string };
  const response = await fetch(`${proxy.url}/api/openapi.json`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (!response.ok) throw new Error(`/api/openapi.json answered ${response.status}`);
  const document = (await response.json()) as Parameters<typeof openapiTS>[0];
  const types = HEAD + astToString(await openapiTS(document));
  const untyped = types.split('\n').filter((line) => UNTYPED.test(line));
  if (untyped.length > 0) {
    throw new Error(`The document says nothing of these; give them a type:\n${untyped.join('\n')}`);
  }
  return types;
}
