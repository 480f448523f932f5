import { describe, expect, it } from 'vitest';
import { ADAPTIVE, MANUAL, OLD, convert, convertRest } from './anthropic-requests.contract.js';
import { convertOutputFormat } from './convert-output-format.js';

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } };

describe(convertOutputFormat, () => {
  const jsonSchema = { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } };
  const answer = (schema: object, name = 'json') => ({
    name,
    description: 'Gives the answer, as JSON.',
    input_schema: schema,
  });
  const alone = { type: 'tool', name: 'json', disable_parallel_tool_use: true };

  it('is the vendor’s own where it has one', () => {
    const closed = { ...SCHEMA, additionalProperties: false };
    expect(convertRest(MANUAL, { response_format: jsonSchema })).toEqual([
      { output_config: { format: { type: 'json_schema', schema: closed } } },
      'response_format.json_schema=mapped',
    ]);
  });

  it('stands beside an effort', () => {
    const { body } = convert(ADAPTIVE, { response_format: jsonSchema, reasoning_effort: 'low' });
    expect(body.output_config).toMatchObject({ effort: 'low', format: { type: 'json_schema' } });
  });

  it.each([
    [OLD, jsonSchema, SCHEMA, 'response_format.json_schema=emulated'],
    [
      MANUAL,
      { type: 'json_object' },
      { type: 'object', additionalProperties: true },
      'response_format.json_object=emulated',
    ],
  ])('is a tool elsewhere: %s', (model, format, schema, report) => {
    const converted = convert(model, { response_format: format });
    expect(converted.body.tools).toEqual([answer(schema)]);
    expect(converted.body.tool_choice).toEqual(alone);
    expect(converted.form.answerTool).toBe('json');
    expect(converted.report).toBe(report);
  });

  it('leaves the client’s tools to be called', () => {
    const own = { type: 'function', function: { name: 'json' } };
    const fields = { response_format: { type: 'json_object' }, tools: [own] };
    const { body, form } = convert(OLD, fields);
    expect(form.answerTool).toBe('json_');
    expect(body.tools?.map(({ name }) => name)).toEqual(['json', 'json_']);
    expect(body.tool_choice).toEqual({ type: 'any', disable_parallel_tool_use: true });
    const none = convert(OLD, { ...fields, tool_choice: 'none' });
    expect(none.body.tool_choice).toEqual({ ...alone, name: 'json_' });
    const choice = { type: 'function', function: { name: 'json' } };
    const demanded = convert(OLD, { ...fields, tool_choice: choice });
    expect(demanded.body.tool_choice).toEqual({ type: 'tool', name: 'json' });
  });
});
