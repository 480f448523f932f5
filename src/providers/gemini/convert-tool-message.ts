import { parseVerbatimJson } from '../../common/json/parse-exact-json.js';
import type { ChatMessage, ContentPart } from '../chat/chat-api.js';
import { isObject } from '../openai-compatible/openai-api.js';
import { convertContent, convertImage, type ContentContext } from './convert-content.js';
import type { GeminiBlob, GeminiPart } from './gemini-api.js';
import type { GeminiFamily } from './gemini-models.js';

export interface FunctionAnswer {
  readonly id?: string;
  readonly name: string;
}

/** A tool's answer: the function response, and after it what the family takes only outside of it. */
export function convertToolMessage(
  message: ChatMessage,
  { id, name }: FunctionAnswer,
  context: ContentContext & { readonly family: GeminiFamily },
  path: string,
): GeminiPart[] {
  const { translation } = context.target;
  const content = message.content ?? '';
  const parts: readonly ContentPart[] = typeof content === 'string' ? [] : content;
  const isImage = (part: ContentPart) => part.type === 'image_url';
  const rest = parts.filter((part) => !isImage(part));
  const texts = typeof content === 'string' ? [content] : rest.map(({ text }) => text ?? '');

  const inside: Array<{ inlineData: GeminiBlob }> = [];
  const outside: GeminiPart[] = [];
  for (const [index, part] of parts.entries()) {
    const at = `${path}.content[${index}]`;
    if (part['cache_control']) translation.note('messages.cache_control', 'dropped', at);
    if (part.type === 'text') continue;
    if (!isImage(part)) {
      outside.push(...convertContent([part], context, at));
      continue;
    }
    const image = convertImage(part, context, at, 'messages.tool.image_url');
    if (image.inlineData && context.family.takesImagesInResponses) {
      inside.push({ inlineData: image.inlineData });
    } else {
      translation.note('messages.tool.image_url', 'emulated', at);
      outside.push(image);
    }
  }
  const functionResponse = {
    ...(id !== undefined && { id }),
    name,
    response: convertResponse(texts.join('\n')),
    ...(inside.length > 0 && { parts: inside }),
  };
  return [{ functionResponse }, ...outside];
}

/** The vendor wants an object; text and other JSON go into one. */
function convertResponse(text: string): unknown {
  const start = text.trimStart();
  if (start.startsWith('{')) {
    try {
      const value = parseVerbatimJson(text);
      if (isObject(value)) return value;
    } catch {
      // It only looked like JSON.
    }
  }
  return { content: text };
}
