import { isObject, type JsonObject } from '../openai-compatible/openai-api.js';
import { cleanJsonSchema } from './clean-json-schema.js';
import { OpenApiWriter } from './open-api-writer.js';
import { ANNOTATIONS } from './schema-keywords.js';
import { SchemaReferences } from './schema-references.js';

export interface ConvertedSchema {
  readonly form: 'openapi' | 'json-schema';
  /** Undefined for an object without properties, which the vendor wants left out. */
  readonly schema: unknown;
  /** Keywords whose meaning the vendor does not get, with their place in the schema. */
  readonly lost: readonly string[];
}

/**
 * A JSON Schema in the vendor's words: its OpenAPI subset where that says the same, else what the
 * vendor takes of JSON Schema itself, unless the model takes none or that would lose more.
 */
export function convertSchema(schema: unknown, takesJsonSchema: boolean): ConvertedSchema {
  if (!isObject(schema) || isEmptyObject(schema)) {
    return { form: 'openapi', schema: undefined, lost: [] };
  }
  const writer = new OpenApiWriter(new SchemaReferences(schema));
  const openApi = writer.convert(schema, '');
  if (writer.lost.length > 0 && takesJsonSchema) {
    const lost: string[] = [];
    const jsonSchema = cleanJsonSchema(schema, '', lost);
    if (lost.length <= writer.lost.length) return { form: 'json-schema', schema: jsonSchema, lost };
  }
  return { form: 'openapi', schema: openApi, lost: writer.lost };
}

function isEmptyObject(schema: JsonObject): boolean {
  const { properties } = schema;
  const hasProperties = isObject(properties) && Object.keys(properties).length > 0;
  const says = Object.keys(schema).filter((key) => !ANNOTATIONS.has(key));
  const isFree = isObject(schema['additionalProperties']);
  return (
    !hasProperties &&
    !isFree &&
    (says.length === 0 || schema['type'] === 'object') &&
    !says.some((key) => ['$ref', 'anyOf', 'oneOf', 'allOf', 'patternProperties'].includes(key))
  );
}
