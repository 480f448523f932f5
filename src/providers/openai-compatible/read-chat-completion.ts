import type { ChatResponse } from '../chat/chat.js';
import type { ChatCompletion } from '../chat/chat-api.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject, objectsIn, type OpenAiChoice } from './openai-api.js';
import { lengthOf, readAnswer, type AnswerReading } from './read-answer.js';

/** A whole answer of the chat endpoint. */
export function readChatCompletion(
  response: UpstreamResponse,
  reading: AnswerReading,
): ChatResponse {
  return readAnswer<ChatCompletion>(response, reading, charactersOf);
}

function charactersOf(choice: OpenAiChoice): number {
  const message = isObject(choice.message) ? choice.message : {};
  let total = lengthOf(message['content']) + lengthOf(message['refusal']);
  total += lengthOf(message['reasoning_content']) || lengthOf(message['reasoning']);
  for (const { function: tool } of objectsIn(message['tool_calls'])) {
    total += isObject(tool) ? lengthOf(tool['arguments']) : 0;
  }
  return total;
}
