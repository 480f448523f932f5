import type { ChatMessage } from '../../chat/chat-api.js';
import { isObject } from '../openai-api.js';
import type { RequestEdit } from './request-edit.js';
import type { FieldRule } from './request-rules.js';

/** For vendors that write JSON on demand but to no schema: the schema goes into the instructions. */
export const SCHEMA_AS_INSTRUCTION: FieldRule = {
  kind: 'convert',
  outcomes: ['emulated'],
  note: 'as json_object with the schema in the instructions',
  convert: (edit, value, form) => {
    const format = isObject(value) ? value['json_schema'] : undefined;
    const schema = isObject(format) ? format['schema'] : undefined;
    edit.note(form, 'emulated', 'response_format');
    edit.set('response_format', { type: 'json_object' });
    const rule =
      schema === undefined ? '' : ` that matches this JSON Schema: ${JSON.stringify(schema)}`;
    instruct(edit, `Answer with one JSON object and nothing else${rule}`);
  },
};

/** For vendors that refuse to write JSON unless the prompt speaks of it. */
export const MENTIONS_JSON: FieldRule = {
  kind: 'convert',
  outcomes: ['passed', 'mapped'],
  note: 'with an instruction when the prompt does not mention JSON',
  convert: (edit, _value, form) => {
    if (edit.messages.some(mentionsJson)) return;
    edit.note(form, 'mapped', 'response_format');
    instruct(edit, 'Answer with one JSON object and nothing else.');
  },
};

/** For vendors that write JSON only to a schema. */
export const JSON_BY_SCHEMA: FieldRule = {
  kind: 'convert',
  outcomes: ['mapped'],
  note: 'as json_schema of any object',
  convert: (edit, _value, form) => {
    edit.note(form, 'mapped', 'response_format');
    edit.set('response_format', {
      type: 'json_schema',
      json_schema: { name: 'answer', schema: { type: 'object' } },
    });
  },
};

/** Below the system message that is there, so that it keeps its place in prompt caches. */
function instruct(edit: RequestEdit, content: string): void {
  const { messages } = edit;
  const isSystem = (message: ChatMessage) =>
    message.role === 'system' || message.role === 'developer';
  const first = messages.findIndex((message) => !isSystem(message));
  const at = first < 0 ? messages.length : first;
  edit.set('messages', messages.toSpliced(at, 0, { role: 'system', content }));
}

function mentionsJson({ content }: ChatMessage): boolean {
  const texts = Array.isArray(content) ? content.map((part) => part.text ?? '') : [content ?? ''];
  return texts.some((text) => /json/i.test(text));
}
