/**
 * Whether a schema keeps to the rules that OpenAI has for strict ones: objects are closed and all
 * their members required. Anthropic's allow members to be left out.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties: others } = schema as ObjectSchema;
  if (type === 'object' || isObject(properties)) {
    const names = isObject(properties) ? Object.keys(properties) : [];
    const needed = new Set(Array.isArray(required) ? required : []);
    if (others !== false || !names.every((name) => needed.has(name))) return false;
  }
  return Object.values(schema).every(isStrictSchema);
}

interface ObjectSchema {
  type?: unknown;
  properties?: unknown;
  required?: unknown;
  additionalProperties?: unknown;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
