import { isObject, type JsonObject } from '../openai-compatible/openai-api.js';
import { SchemaReferences } from './schema-references.js';

export interface ConvertedSchema {
  readonly form: 'openapi' | 'json-schema';
  /** Undefined for an object without properties, which the vendor wants left out. */
  readonly schema: unknown;
  /** Keywords whose meaning the vendor does not get, with their place in the schema. */
  readonly lost: readonly string[];
}

/** Taken over as they are. https://ai.google.dev/api/caching#Schema */
const OPENAPI_KEYWORDS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'minimum',
  'maximum',
  'pattern',
  'required',
  'propertyOrdering',
  'nullable',
]);

const JSON_SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  ...OPENAPI_KEYWORDS,
  '$ref',
  '$defs',
  'type',
  'format',
  'enum',
  'items',
  'prefixItems',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
]);

/** They say something to readers and nothing to a validator. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'definitions',
  'deprecated',
  'examples',
  'example',
  'readOnly',
  'writeOnly',
  'strict',
]);

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

/**
 * A JSON Schema in the vendor's words: its OpenAPI subset where that says the same, else JSON
 * Schema for the models that take it, else the subset with what it cannot say left out.
 */
export function convertSchema(schema: unknown, takesJsonSchema: boolean): ConvertedSchema {
  if (!isObject(schema) || isEmptyObject(schema)) {
    return { form: 'openapi', schema: undefined, lost: [] };
  }
  const writer = new OpenApiWriter(new SchemaReferences(schema));
  const converted = writer.convert(schema, '');
  if (writer.lost.length === 0 || !takesJsonSchema) {
    return { form: 'openapi', schema: converted, lost: writer.lost };
  }
  const lost: string[] = [];
  return { form: 'json-schema', schema: cleanJsonSchema(schema, '', lost), lost };
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

class OpenApiWriter {
  readonly lost: string[] = [];

  constructor(private readonly references: SchemaReferences) {}

  convert(node: unknown, path: string): JsonObject {
    if (!isObject(node)) {
      if (node !== true) this.#lose(path, 'schema');
      else this.#lose(path, 'true');
      return {};
    }
    if (typeof node['$ref'] === 'string') return this.#convertReference(node, path);
    const alternatives = this.#alternativesOf(node, path);
    if (alternatives) return this.#convertAlternatives(node, alternatives, path);
    return this.#convertPlain(node, path);
  }

  #convertReference(node: JsonObject, path: string): JsonObject {
    const { $ref, ...beside } = node;
    const resolved = this.references.enter($ref as string);
    if (!resolved) {
      this.#lose(path, '$ref');
      return { type: 'object', ...pickText(beside) };
    }
    const converted = this.convert({ ...resolved, ...beside }, path);
    this.references.leave($ref as string);
    return converted;
  }

  /** Several schemas of which one has to hold, however the schema says so. */
  #alternativesOf(node: JsonObject, path: string): unknown[] | undefined {
    const { type } = node;
    const [anyOf, oneOf, allOf] = [node['anyOf'], node['oneOf'], node['allOf']].map(listOf);
    if (anyOf ?? oneOf) return anyOf ?? oneOf;
    if (allOf) {
      if (allOf.length === 1) return allOf;
      this.#lose(path, 'allOf');
    }
    if (!Array.isArray(type)) return undefined;
    const { enum: values, const: value, ...rest } = node;
    return type.map((name: unknown) => ({
      ...rest,
      type: name,
      // Each type keeps the values that are of it.
      ...(Array.isArray(values) && name !== 'null' && { enum: values.filter((v) => v !== null) }),
      ...(value !== undefined && name !== 'null' && { const: value }),
    }));
  }

  #convertAlternatives(node: JsonObject, all: readonly unknown[], path: string): JsonObject {
    const { anyOf, oneOf, allOf: _allOf, type, ...rest } = node;
    const isList = Array.isArray(anyOf) || Array.isArray(oneOf) || !Array.isArray(type);
    const options = all.filter((option) => !isNull(option));
    const nullable = options.length < all.length ? { nullable: true } : {};
    // A list of types took its siblings along; a list of schemas leaves them beside it.
    const beside = isList ? rest : {};
    const [only] = options;
    if (options.length === 1 && isObject(only)) {
      return { ...this.convert({ ...beside, ...only }, path), ...nullable };
    }
    if (isList && Object.keys(rest).some((key) => key === 'properties' || key === 'items')) {
      this.#lose(path, 'anyOf');
    }
    return {
      ...pickText(rest),
      anyOf: options.map((option, index) => this.convert(option, `${path}.anyOf[${index}]`)),
      ...nullable,
    };
  }

  #convertPlain(node: JsonObject, path: string): JsonObject {
    const type = typeOf(node);
    const out: JsonObject = type === undefined ? {} : { type };
    if (type === undefined) this.#lose(path, 'type');
    for (const [key, value] of Object.entries(node)) {
      if (key === 'type' || key === 'allOf' || ANNOTATIONS.has(key)) continue;
      if (OPENAPI_KEYWORDS.has(key)) out[key] = value;
      else this.#convertKeyword(key, value, { out, type, path });
    }
    if (type === 'object' && !isObject(out['properties'])) this.#lose(path, 'properties');
    if (type === 'array' && !isObject(out['items'])) this.#lose(path, 'items');
    return out;
  }

  #convertKeyword(
    key: string,
    value: unknown,
    { out, type, path }: { out: JsonObject; type: string | undefined; path: string },
  ): void {
    if (key === 'properties' && isObject(value)) {
      const names = Object.keys(value);
      if (names.length > 0) {
        out['properties'] = Object.fromEntries(
          names.map((name) => [name, this.convert(value[name], `${path}.properties.${name}`)]),
        );
      }
    } else if (key === 'items' && isObject(value)) {
      out['items'] = this.convert(value, `${path}.items`);
    } else if (key === 'enum' || key === 'const') {
      const values = key === 'enum' ? value : [value];
      if (Array.isArray(values) && values.every((each) => typeof each === 'string')) {
        out['enum'] = values;
      } else this.#lose(path, key);
    } else if (key === 'format') {
      if (FORMATS[type ?? '']?.includes(String(value))) out['format'] = value;
      else this.#lose(path, key);
    } else if (key === 'additionalProperties') {
      // The vendor's objects are closed anyway; a schema for further members is lost.
      if (typeof value !== 'boolean') this.#lose(path, key);
    } else this.#lose(path, key);
  }

  #lose(path: string, keyword: string): void {
    this.lost.push(`${path}.${keyword}`);
  }
}

function listOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

function isNull(option: unknown): boolean {
  return isObject(option) && (option['type'] === 'null' || option['const'] === null);
}

function typeOf(node: JsonObject): string | undefined {
  if (typeof node['type'] === 'string') return node['type'].toLowerCase();
  if (isObject(node['properties'])) return 'object';
  if (isObject(node['items'])) return 'array';
  const values: unknown[] = Array.isArray(node['enum']) ? node['enum'] : [node['const']];
  const kinds = new Set(values.map((value) => typeof value));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== 'undefined' && kind !== 'object' ? kind : undefined;
}

function pickText(node: JsonObject): JsonObject {
  const { title, description } = node;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}

/** JSON Schema without the keywords that the vendor refuses; `const` is an `enum` of one. */
function cleanJsonSchema(node: unknown, path: string, lost: string[]): unknown {
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
    else if (!ANNOTATIONS.has(key)) lost.push(at);
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
