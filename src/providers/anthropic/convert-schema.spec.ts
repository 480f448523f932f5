import { describe, expect, it } from 'vitest';
import { convertSchema } from './convert-schema.js';

describe(convertSchema, () => {
  const cases: Array<[string, object, object, boolean]> = [
    [
      'closes objects, however deep',
      {
        type: 'object',
        properties: { a: { type: 'array', items: { type: 'object', properties: {} } } },
        $defs: { b: { type: ['object', 'null'], properties: {} } },
      },
      {
        type: 'object',
        properties: {
          a: {
            type: 'array',
            items: { type: 'object', properties: {}, additionalProperties: false },
          },
        },
        $defs: { b: { type: ['object', 'null'], properties: {}, additionalProperties: false } },
        additionalProperties: false,
      },
      false,
    ],
    [
      'closes one that was open, at a loss',
      { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
      { type: 'object', properties: {}, additionalProperties: false },
      true,
    ],
    [
      'turns constraints into words',
      { type: 'string', description: 'A name', minLength: 2, pattern: '^a' },
      { type: 'string', description: 'A name\n{minLength: 2, pattern: "^a"}' },
      true,
    ],
    [
      'takes every alternative',
      { oneOf: [{ type: 'integer', maximum: 3 }, { const: null }] },
      { anyOf: [{ type: 'integer', description: '{maximum: 3}' }, { const: null }] },
      true,
    ],
    [
      'keeps the formats that are known',
      {
        anyOf: [
          { type: 'string', format: 'date' },
          { type: 'string', format: 'iri' },
        ],
      },
      {
        anyOf: [
          { type: 'string', format: 'date' },
          { type: 'string', description: '{format: "iri"}' },
        ],
      },
      true,
    ],
    [
      'keeps references, enums and defaults, and forgets remarks',
      { $schema: 'x', $ref: '#/$defs/a', enum: [1], default: 1, title: 'T', minItems: 1 },
      { $ref: '#/$defs/a', enum: [1], default: 1, title: 'T', minItems: 1 },
      false,
    ],
    [
      'takes a property for a property, whatever its name',
      { type: 'object', properties: { pattern: { type: 'string' }, oneOf: true } },
      {
        type: 'object',
        properties: { pattern: { type: 'string' }, oneOf: true },
        additionalProperties: false,
      },
      false,
    ],
  ];

  it.each(cases)('%s', (_name, schema, expected, isLossy) => {
    expect(convertSchema(schema as Record<string, unknown>)).toEqual({ schema: expected, isLossy });
  });
});
