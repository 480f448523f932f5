import type { ChatCompletionRequest } from '../../../providers/chat/chat-api.js';
import { isStrictSchema } from './is-strict-schema.js';
import type { MessagesRequest } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** OpenAI wants a name; nobody sees it. */
const NAME = 'response';

export function convertOutputFormat(
  request: MessagesRequest,
  notes: Notes,
): Pick<ChatCompletionRequest, 'response_format'> {
  for (const [name, value] of Object.entries(request.output_config ?? {})) {
    if (value == null || name === 'effort' || name === 'format') continue;
    notes.note(`output_config.${name}`, 'dropped');
  }
  const field = request.output_config?.format == null ? 'output_format' : 'output_config.format';
  const format = request.output_config?.format ?? request.output_format;
  if (format == null) return {};
  const { schema } = format;
  const strict = isStrictSchema(schema);
  notes.note(field, strict ? 'mapped' : 'approximated', `${field}.schema`);
  return {
    response_format: { type: 'json_schema', json_schema: { name: NAME, schema, strict } },
  };
}
