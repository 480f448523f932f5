import type { NativeResponse } from '../contract/native.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { lengthOf, readAnswer, type AnswerReading } from './read-answer.js';

/** A whole answer of the older completions endpoint. */
export function readTextCompletion(
  response: UpstreamResponse,
  reading: AnswerReading,
): NativeResponse {
  return readAnswer<Record<string, unknown>>(response, reading, ({ text }) => lengthOf(text));
}
