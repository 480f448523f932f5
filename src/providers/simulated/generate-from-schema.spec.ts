import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { generateFromSchema } from './generate-from-schema.js';

const table: Array<[string, object, unknown]> = [
  [
    'text named after its member',
    { type: 'object', properties: { city: { type: 'string' } } },
    { city: 'city' },
  ],
  ['const', { const: 7 }, 7],
  ['default', { type: 'string', default: 'x' }, 'x'],
  ['enum', { enum: ['a', 'b'] }, 'a'],
  ['number', { type: 'number' }, 1],
  ['minimum and step', { type: 'integer', minimum: 7, multipleOf: 5 }, 10],
  ['maximum', { type: 'integer', maximum: 0 }, 0],
  ['exclusive limits', { type: 'integer', exclusiveMinimum: 3, exclusiveMaximum: 5 }, 4],
  ['boolean', { type: 'boolean' }, true],
  ['null', { type: 'null' }, null],
  ['several types', { type: ['null', 'integer'] }, 1],
  ['any of', { anyOf: [{ type: 'boolean' }, { type: 'string' }] }, true],
  ['list', { type: 'array', items: { type: 'integer' } }, [1]],
  ['long list', { type: 'array', items: { type: 'boolean' }, minItems: 3 }, [true, true, true]],
  ['long text', { type: 'string', minLength: 8 }, 'value...'],
  ['short text', { type: 'string', maxLength: 2 }, 'va'],
  ['date', { type: 'string', format: 'date' }, '2000-01-01'],
  ['reference', { $ref: '#/$defs/x', $defs: { x: { type: 'boolean' } } }, true],
  [
    'all of',
    {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } } },
        { type: 'object', properties: { b: { type: 'boolean' } } },
      ],
    },
    { a: 1, b: true },
  ],
  ['nothing said', {}, 'value'],
];

describe(generateFromSchema, () => {
  it.each(table)('%s', (_name, schema, expected) => {
    expect(generateFromSchema(schema)).toEqual(expected);
    expect(new Ajv({ strict: false }).validate({ ...schema, format: undefined }, expected)).toBe(
      true,
    );
  });

  it('ends where a schema refers to itself', () => {
    const node: object = {
      type: 'object',
      properties: { value: { type: 'integer' }, next: { $ref: '#' } },
      required: ['value'],
    };
    expect(new Ajv().validate(node, generateFromSchema(node))).toBe(true);
    expect(
      generateFromSchema({ type: 'object', properties: { x: { $ref: '#' } }, required: ['x'] }),
    ).toBeTypeOf('object');
  });

  it.each([null, 'text', 5, []])('gives null for %j, which is no schema', (schema) => {
    expect(generateFromSchema(schema)).toBeNull();
  });
});
