/** Beyond it only what is required is filled in, and beyond twice of it nothing. */
const MAX_DEPTH = 4;

const FORMATS: Readonly<Record<string, string>> = {
  date: '2000-01-01',
  time: '00:00:00Z',
  'date-time': '2000-01-01T00:00:00Z',
  email: 'name@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

type Schema = Record<string, unknown>;

/** A value that fits a JSON schema, always the same one. `name` becomes its text. */
export function generateFromSchema(schema: unknown, name = 'value'): unknown {
  return generate(schema, name, { root: schema, depth: 0 });
}

interface Position {
  readonly root: unknown;
  readonly depth: number;
}

function generate(candidate: unknown, name: string, position: Position): unknown {
  if (!isSchema(candidate) || position.depth > 2 * MAX_DEPTH) return null;
  const schema = resolve(candidate, position.root);
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  for (const list of [schema['enum'], schema['examples']]) {
    if (Array.isArray(list) && list.length > 0) return list[0];
  }
  const options = schema['anyOf'] ?? schema['oneOf'];
  const deeper = { ...position, depth: position.depth + 1 };
  if (Array.isArray(options)) return generate(options[0], name, deeper);

  switch (typeOf(schema)) {
    case 'object':
      return generateObject(schema, deeper);
    case 'array':
      return generateArray(schema, name, deeper);
    case 'number':
    case 'integer':
      return generateNumber(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return generateText(schema, name);
  }
}

function resolve(schema: Schema, root: unknown): Schema {
  const reference = schema['$ref'];
  if (typeof reference === 'string' && reference.startsWith('#')) {
    const path = reference.split('/').slice(1);
    const found = path.reduce<unknown>((at, key) => (isSchema(at) ? at[key] : undefined), root);
    return isSchema(found) ? found : {};
  }
  if (!Array.isArray(schema['allOf'])) return schema;
  const parts = schema['allOf'].filter(isSchema).map((part) => resolve(part, root));
  const whole = [...parts, schema];
  return {
    ...merge(whole),
    properties: merge(whole.map(propertiesOf)),
  };
}

function typeOf(schema: Schema): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((name) => name !== 'null') ?? 'null';
  if (type !== undefined) return type;
  return isSchema(schema['properties']) ? 'object' : 'items' in schema ? 'array' : 'string';
}

function generateObject(schema: Schema, position: Position): Schema {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = Object.entries(propertiesOf(schema)).filter(
    ([name]) => position.depth <= MAX_DEPTH || required.includes(name),
  );
  return Object.fromEntries(
    properties.map(([name, property]) => [name, generate(property, name, position)]),
  );
}

function generateArray(schema: Schema, name: string, position: Position): unknown[] {
  const wanted = position.depth > MAX_DEPTH ? 0 : 1;
  const length = Math.min(Math.max(numberOr(schema['minItems'], wanted), wanted), 16);
  return Array.from({ length }, () => generate(schema['items'] ?? {}, name, position));
}

function generateNumber(schema: Schema): number {
  const step = numberOr(schema['multipleOf'], 1);
  const lowest = numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], 0) + step);
  const highest = numberOr(
    schema['maximum'],
    numberOr(schema['exclusiveMaximum'], Infinity) - step,
  );
  return Math.min(Math.ceil(lowest / step) * step, highest);
}

function generateText(schema: Schema, name: string): string {
  const text = FORMATS[String(schema['format'])] ?? name;
  const padded = text.padEnd(Math.min(numberOr(schema['minLength'], 0), 1000), '.');
  return padded.slice(0, numberOr(schema['maxLength'], padded.length));
}

function merge(schemas: readonly Schema[]): Schema {
  return schemas.reduce((merged, schema) => ({ ...merged, ...schema }), {});
}

function propertiesOf(schema: Schema): Schema {
  return isSchema(schema['properties']) ? schema['properties'] : {};
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
