import { isObject, type JsonObject } from '../openai-compatible/openai-api.js';
import { ANNOTATIONS, OPENAPI_KEYWORDS } from './schema-keywords.js';
import type { SchemaReferences } from './schema-references.js';

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

const TYPES: ReadonlySet<unknown> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
]);

/** Writes JSON Schema in the OpenAPI subset and remembers what that cannot say. */
export class OpenApiWriter {
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
    const isShape = isList && ('properties' in rest || 'items' in rest);
    if (options.length === 0 || isShape) {
      // The subset has either a shape or a choice; the shape says more.
      this.#lose(path, 'anyOf');
      return this.#convertPlain({ ...rest, ...(isShape && { type }) }, path);
    }
    if (options.length === 1 && isObject(only)) {
      return { ...this.convert({ ...beside, ...only }, path), ...nullable };
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
    if (!TYPES.has(type)) this.#lose(path, 'type');
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
