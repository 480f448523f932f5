import { isObject, type JsonObject } from '../openai-compatible/openai-api.js';
import { ANNOTATIONS } from './schema-keywords.js';

/** What the vendor's JSON Schema has. https://ai.google.dev/api/generate-content#GenerationConfig */
const JSON_SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  '$ref',
  '$defs',
  'type',
  'format',
  'title',
  'description',
  'enum',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
  'required',
  'propertyOrdering',
]);

/** JSON Schema without the keywords that the vendor refuses; `const` is an `enum` of one. */
export function cleanJsonSchema(node: unknown, path: string, lost: string[]): unknown {
  if (!isObject(node)) return node;
  const entries: Array<[string, unknown]> = [];
  for (const [key, value] of Object.entries(node)) {
    const at = `${path}.${key}`;
    if (key === 'const' && typeof value === 'boolean') {
      // An enum may hold texts and numbers only.
      entries.push(['type', 'boolean']);
      lost.push(at);
    } else if (key === 'const') entries.push(['enum', [value]]);
    else if (key === '$ref') entries.push([key, inDefs(value)]);
    else if (key === '$defs' || key === 'definitions' || key === 'properties') {
      entries.push([key === 'definitions' ? '$defs' : key, cleanEach(value, at, lost)]);
    } else if (key === 'items' || key === 'additionalProperties') {
      entries.push([key, cleanJsonSchema(value, at, lost)]);
    } else if (Array.isArray(value) && ['anyOf', 'oneOf', 'prefixItems'].includes(key)) {
      const cleaned = value.map((each, index) => cleanJsonSchema(each, `${at}[${index}]`, lost));
      entries.push([key, cleaned]);
    } else if (key === 'allOf' && Array.isArray(value) && value.length === 1) {
      entries.push(...Object.entries(cleanJsonSchema(value[0], at, lost) as JsonObject));
    } else if (JSON_SCHEMA_KEYWORDS.has(key)) entries.push([key, value]);
    else if (!ANNOTATIONS.has(key) && key !== 'default') lost.push(at);
  }
  return Object.fromEntries(entries);
}

function cleanEach(schemas: unknown, path: string, lost: string[]): unknown {
  if (!isObject(schemas)) return {};
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      cleanJsonSchema(schema, `${path}.${name}`, lost),
    ]),
  );
}

function inDefs(reference: unknown): unknown {
  return typeof reference === 'string'
    ? reference.replace(/^#\/definitions\//, '#/$defs/')
    : reference;
}
