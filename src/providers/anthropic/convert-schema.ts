import { isObject, type JsonObject } from './anthropic-api.js';

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations */
const TAKEN_AS_THEY_ARE: ReadonlySet<string> = new Set([
  '$ref',
  'type',
  'title',
  'description',
  'enum',
  'const',
  'default',
  'required',
]);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['anyOf', 'allOf']);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);
/** Say nothing about what is valid. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['$schema', '$id', '$comment']);

export interface StrictSchema {
  readonly schema: JsonObject;
  /** A constraint became a mere description, or an object lost its other members. */
  readonly isLossy: boolean;
}

/**
 * A JSON schema in the subset that Anthropic enforces: objects are closed, and what it does not
 * know is told to the model in the description.
 */
export function convertSchema(schema: JsonObject): StrictSchema {
  const conversion = new SchemaConversion();
  return { schema: conversion.convert(schema), isLossy: conversion.isLossy };
}

class SchemaConversion {
  isLossy = false;

  convert(schema: JsonObject): JsonObject {
    const converted: JsonObject = {};
    const described: string[] = [];
    for (const [key, value] of Object.entries(schema)) {
      if (TAKEN_AS_THEY_ARE.has(key)) converted[key] = value;
      else if (SCHEMA_LISTS.has(key)) converted[key] = this.#list(value);
      else if (SCHEMA_MAPS.has(key)) converted[key] = this.#map(value);
      else if (key === 'oneOf') converted['anyOf'] = this.#list(value);
      else if (key === 'items' && isObject(value)) converted[key] = this.convert(value);
      else if (key === 'format' && FORMATS.has(value)) converted[key] = value;
      else if (key === 'minItems' && (value === 0 || value === 1)) converted[key] = value;
      else if (key !== 'additionalProperties' && !ANNOTATIONS.has(key)) {
        described.push(`${key}: ${JSON.stringify(value)}`);
      }
    }
    if (isObjectSchema(schema)) {
      const others = schema['additionalProperties'];
      if (others !== undefined && others !== false) this.isLossy = true;
      converted['additionalProperties'] = false;
    }
    if (described.length === 0) return converted;
    this.isLossy = true;
    const before = typeof schema['description'] === 'string' ? `${schema['description']}\n` : '';
    return { ...converted, description: `${before}{${described.join(', ')}}` };
  }

  #list(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item: unknown) => this.#any(item)) : value;
  }

  #map(value: unknown): unknown {
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([name, item]) => [name, this.#any(item)] as const);
    return Object.fromEntries(entries);
  }

  #any(value: unknown): unknown {
    return isObject(value) ? this.convert(value) : value;
  }
}

function isObjectSchema(schema: JsonObject): boolean {
  const type = schema['type'];
  return (
    type === 'object' || (Array.isArray(type) && type.includes('object')) || 'properties' in schema
  );
}
