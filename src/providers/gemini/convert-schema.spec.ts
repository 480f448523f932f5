import { describe, expect, it } from 'vitest';
import { convertSchema } from './convert-schema.js';

const object = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });
const text = { type: 'string' };

describe(convertSchema, () => {
  it.each([
    [
      'what the vendor refuses and nobody misses',
      object(
        { a: { ...text, examples: ['x'] } },
        { $schema: 'https://json-schema.org/draft', additionalProperties: false, required: ['a'] },
      ),
      object({ a: text }, { required: ['a'] }),
    ],
    ['const', object({ a: { const: 'x' } }), object({ a: { type: 'string', enum: ['x'] } })],
    [
      'a nullable type',
      object({ a: { type: ['string', 'null'], enum: ['x', null], description: 'd' } }),
      object({ a: { type: 'string', enum: ['x'], description: 'd', nullable: true } }),
    ],
    [
      'several types',
      object({ a: { type: ['string', 'integer', 'null'], description: 'd' } }),
      object({
        a: {
          description: 'd',
          anyOf: [
            { type: 'string', description: 'd' },
            { type: 'integer', description: 'd' },
          ],
          nullable: true,
        },
      }),
    ],
    [
      'anyOf with null',
      object({ a: { description: 'd', anyOf: [{ type: 'null' }, text] } }),
      object({ a: { type: 'string', description: 'd', nullable: true } }),
    ],
    [
      'oneOf',
      object({ a: { oneOf: [text, { type: 'array', items: text }] } }),
      object({ a: { anyOf: [text, { type: 'array', items: text }] } }),
    ],
    [
      'allOf of one, around a reference',
      object(
        { a: { allOf: [{ $ref: '#/$defs/name' }], description: 'd' } },
        { $defs: { name: text } },
      ),
      object({ a: { type: 'string', description: 'd' } }),
    ],
    [
      'references, also to each other',
      object(
        { a: { $ref: '#/definitions/pair' }, b: { $ref: '#/definitions/pair' } },
        {
          definitions: {
            pair: object({ x: { $ref: '#/definitions/odd~1name' } }),
            'odd/name': { type: 'number', format: 'float' },
          },
        },
      ),
      object({
        a: object({ x: { type: 'number', format: 'float' } }),
        b: object({ x: { type: 'number', format: 'float' } }),
      }),
    ],
  ])('writes %s in the subset', (_name, schema, expected) => {
    const converted = { form: 'openapi', schema: expected, lost: [] };
    expect(convertSchema(schema, true)).toEqual(converted);
    expect(convertSchema(schema, false)).toEqual(converted);
  });

  it.each([
    undefined,
    null,
    {},
    { type: 'object' },
    { type: 'object', properties: {} },
    { $schema: '' },
  ])('leaves out %j, which has no properties', (schema) => {
    expect(convertSchema(schema, true).schema).toBeUndefined();
  });

  const recursive = {
    $schema: 'draft',
    ...object({ children: { type: 'array', items: { $ref: '#' } } }),
  };
  it.each([
    ['recursion', recursive, object({ children: { type: 'array', items: { $ref: '#' } } })],
    [
      'numbers to choose from',
      object({ a: { type: 'integer', enum: [1, 2] }, b: { const: 3 } }),
      object({ a: { type: 'integer', enum: [1, 2] }, b: { enum: [3] } }),
    ],
    [
      'a map',
      object({ a: { type: 'object', additionalProperties: { const: 'x' } } }),
      object({ a: { type: 'object', additionalProperties: { enum: ['x'] } } }),
    ],
    [
      'a format that the subset refuses, and old definitions',
      object(
        { a: { type: 'string', format: 'uri' }, b: { $ref: '#/definitions/c' } },
        { definitions: { c: text } },
      ),
      object(
        { a: { type: 'string', format: 'uri' }, b: { $ref: '#/$defs/c' } },
        { $defs: { c: text } },
      ),
    ],
  ])('writes %s as JSON Schema', (_name, schema, expected) => {
    expect(convertSchema(schema, true)).toEqual({
      form: 'json-schema',
      schema: expected,
      lost: [],
    });
  });

  it('names what is lost', () => {
    const schema = object({ a: { type: 'integer', multipleOf: 2 }, b: { const: true } });
    expect(convertSchema(schema, true)).toEqual({
      form: 'json-schema',
      schema: object({ a: { type: 'integer' }, b: { type: 'boolean' } }),
      lost: ['.properties.a.multipleOf', '.properties.b.const'],
    });
    expect(convertSchema(recursive, false)).toEqual({
      form: 'openapi',
      schema: object({
        children: {
          type: 'array',
          items: object({ children: { type: 'array', items: { type: 'object' } } }),
        },
      }),
      lost: expect.arrayContaining(['.properties.children.items.properties.children.items.$ref']),
    });
  });

  it.each([
    [
      'a choice beside a shape',
      object({ a: text, b: text }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
      object({ a: text, b: text }),
      ['.anyOf'],
    ],
    [
      'nothing but null',
      object({ a: { type: ['null'] } }),
      object({ a: {} }),
      ['.properties.a.anyOf', '.properties.a.type'],
    ],
    [
      'what neither form has, where the subset has more',
      object({ a: { ...text, pattern: 'x', minLength: 1, maxLength: 2, format: 'uri' } }),
      object({ a: { ...text, pattern: 'x', minLength: 1, maxLength: 2 } }),
      ['.properties.a.format'],
    ],
  ])('keeps what it can of %s', (_name, schema, expected, lost) => {
    expect(convertSchema(schema, false)).toEqual({ form: 'openapi', schema: expected, lost });
  });

  it('takes the form that loses less', () => {
    const lengths = { minLength: 1, maxLength: 2, format: 'uri' };
    expect(convertSchema(object({ a: { ...text, ...lengths } }), true).form).toBe('openapi');
    expect(convertSchema(object({ a: { ...text, format: 'uri' } }), true).form).toBe('json-schema');
  });

  it('does not write out references that multiply', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => {
        const next = { $ref: `#/$defs/level${level + 1}` };
        return [`level${level}`, object({ a: next, b: next })];
      }),
    );
    const { form, schema } = convertSchema({ $ref: '#/$defs/level0', $defs }, false);
    expect(form).toBe('openapi');
    expect(JSON.stringify(schema).length).toBeLessThan(100_000);
  });

  it('keeps a property whatever its name', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"const":{"type":"string"}}}',
    ) as unknown;
    expect(JSON.stringify(convertSchema(schema, true).schema)).toBe(JSON.stringify(schema));
  });
});
