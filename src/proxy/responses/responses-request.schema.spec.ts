import { describe, expect, it } from 'vitest';
import { compileSchema, validate } from '../body/validate.js';
import { RESPONSES_REQUEST_SCHEMA } from './responses-request.schema.js';

const check = compileSchema(RESPONSES_REQUEST_SCHEMA);
const withItem = (item: unknown): object => ({ model: 'm', input: [item] });

describe('RESPONSES_REQUEST_SCHEMA', () => {
  it.each([
    [{ model: 'm', input: 'Hello' }],
    [{ model: 'm', previous_response_id: 'resp_1' }],
    [{ model: 'm', input: 'Hello', temperature: null, tools: null, some_extension: { a: 1 } }],
    [withItem({ role: 'user', content: 'Hello' })],
    [withItem({ type: null, role: 'developer', content: [{ type: 'input_text', text: 'Hello' }] })],
    [withItem({ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: '' }] })],
    [withItem({ id: 'msg_1' })],
    [withItem({ type: 'item_reference', id: 'msg_1' })],
    [withItem({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' })],
    [withItem({ type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'text' })],
    [withItem({ type: 'function_call_output', call_id: 'c', output: 'sunny' })],
    [withItem({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null })],
    [withItem({ type: 'somebody_elses_item' })],
    [{ model: 'm', input: 'Hello', tools: [{ type: 'web_search' }] }],
  ])('accepts %j', (body) => {
    expect(() => validate(check, body)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ input: 'Hello' }, 'model'],
    [{ model: 'm', input: 5 }, 'input'],
    [withItem('Hello'), 'input[0]'],
    [withItem({ content: 'Hello' }), 'input[0].role'],
    [withItem({ role: 'user' }), 'input[0].content'],
    [withItem({ role: 'tool', content: '' }), 'input[0].role'],
    [withItem({ role: 'user', content: 5 }), 'input[0].content'],
    [withItem({ role: 'user', content: [{ text: 'x' }] }), 'input[0].content[0].type'],
    [withItem({ role: 'user', content: [{ type: 'input_text' }] }), 'input[0].content[0].text'],
    [withItem({ type: 'item_reference' }), 'input[0].id'],
    [withItem({ type: 'function_call', call_id: 'c', name: 'f' }), 'input[0].arguments'],
    [withItem({ type: 'function_call_output', call_id: 'c' }), 'input[0].output'],
    [withItem({ type: 'reasoning', summary: 'text' }), 'input[0].summary'],
    [{ model: 'm', input: '', tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ model: 'm', input: '', tools: [{ name: 'f' }] }, 'tools[0].type'],
    [
      { model: 'm', input: '', tools: [{ type: 'namespace', name: 'n', tools: [{}] }] },
      'tools[0].tools[0].type',
    ],
    [{ model: 'm', input: '', text: { format: { type: 'xml' } } }, 'text.format.type'],
    [{ model: 'm', input: '', text: { format: { type: 'json_schema' } } }, 'text.format.name'],
    [{ model: 'm', input: '', temperature: 3 }, 'temperature'],
    [{ model: 'm', input: '', max_output_tokens: 0 }, 'max_output_tokens'],
    [{ model: 'm', input: '', truncation: 'some' }, 'truncation'],
    [{ model: 'm', input: '', include: [1] }, 'include[0]'],
  ])('refuses %j and names %s', (body, param) => {
    expect(() => validate(check, body)).toThrow(
      expect.objectContaining({ code: 'invalid_value', param }),
    );
  });
});
