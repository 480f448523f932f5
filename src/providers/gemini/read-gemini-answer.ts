import { randomUUID } from 'node:crypto';
import { parseExactJson } from '../../common/json/parse-exact-json.js';
import type { ChunkEnvelope } from '../chat/chat-chunk-writer.js';
import type { Target } from '../contract/target.js';
import { ProviderError } from '../contract/provider-error.js';
import { isObject, objectsIn } from '../openai-compatible/openai-api.js';
import { parseInBandError } from '../upstream/parse-upstream-error.js';
import type {
  GeminiAnswerCall,
  GeminiAnswerPart,
  GeminiCandidate,
  GeminiResponse,
} from './gemini-api.js';

/** What an answer has of one kind of content, with what the model signed. */
export type AnswerPiece = { readonly signature: string | undefined } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'image'; readonly url: string }
  | { readonly kind: 'call'; readonly call: GeminiAnswerCall }
);

/** Parses an answer or a record of one. Throws a `ProviderError`, also for an error within. */
export function parseGeminiAnswer(
  text: string,
  { instance }: Target,
  headers?: Readonly<Record<string, string | string[] | undefined>>,
): GeminiResponse {
  let answer: unknown;
  try {
    answer = parseExactJson(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  const error = parseInBandError(answer, instance, headers);
  if (error) throw error;
  if (!isObject(answer)) throw unreadable();
  return answer;
}

export function candidatesOf(response: GeminiResponse): GeminiCandidate[] {
  return objectsIn(response.candidates);
}

/** The prompt itself was refused; there are no candidates then. */
export function isBlocked({ promptFeedback }: GeminiResponse): boolean {
  return isObject(promptFeedback) && typeof promptFeedback['blockReason'] === 'string';
}

/** What is not understood is passed over. */
export function piecesOf({ content }: GeminiCandidate): AnswerPiece[] {
  const parts: GeminiAnswerPart[] = isObject(content) ? objectsIn(content['parts']) : [];
  return parts.flatMap((part): AnswerPiece[] => {
    const signature = textOf(part.thoughtSignature);
    if (isObject(part.functionCall)) return [{ kind: 'call', call: part.functionCall, signature }];
    const url = findImage(part.inlineData);
    if (url !== undefined) return [{ kind: 'image', url, signature }];
    if (typeof part.text !== 'string' && signature === undefined) return [];
    const text = typeof part.text === 'string' ? part.text : '';
    return [
      part.thought === true
        ? { kind: 'thought', text, signature }
        : { kind: 'text', text, signature },
    ];
  });
}

/** What all chunks of one answer share. */
export function convertEnvelope(response: GeminiResponse, target: Target): ChunkEnvelope {
  const { responseId, modelVersion, createTime } = response;
  const created = typeof createTime === 'string' ? Date.parse(createTime) : Number.NaN;
  return {
    id: `chatcmpl-${textOf(responseId) ?? randomUUID()}`,
    created: Math.floor((Number.isNaN(created) ? Date.now() : created) / 1000),
    model: textOf(modelVersion) ?? target.model,
  };
}

/** The vendor often leaves out the ids that tool answers are matched by. */
export function idOf(call: GeminiAnswerCall): string {
  return textOf(call.id) ?? `call_${randomUUID().replaceAll('-', '')}`;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The model failed at an answer: the same request may well succeed. */
export function withoutAnswer(reason: unknown): ProviderError {
  const words = String(reason)
    .replaceAll(/[^A-Z_]/g, '')
    .slice(0, 64);
  return new ProviderError('invalid_response', `The model stopped without an answer: ${words}`);
}

function findImage(data: unknown): string | undefined {
  if (!isObject(data) || typeof data['data'] !== 'string') return undefined;
  const { mimeType } = data;
  const isImage = typeof mimeType === 'string' && mimeType.startsWith('image/');
  return isImage ? `data:${mimeType};base64,${data['data']}` : undefined;
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream sent an answer that cannot be read', {
    cause,
  });
}
