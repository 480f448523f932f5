import { VECTORS } from '../contract/describe-abilities.contract.js';
import type { HttpVendor, VendorAnswer } from '../contract/describe-provider.contract.js';
import type { GeminiAnswerPart } from './gemini-api.js';

export const ENVELOPE = { modelVersion: 'gemini-3-test', responseId: 'response-1' };

/** 20 in, 9 out, as OpenAI counts it: thoughts included. */
export const USAGE = {
  promptTokenCount: 20,
  candidatesTokenCount: 7,
  thoughtsTokenCount: 2,
  totalTokenCount: 29,
};

interface Rest {
  finishReason?: string;
  index?: number;
  usageMetadata?: object;
  [member: string]: unknown;
}

/** A whole answer, or a record of one: the vendor has one shape for both. */
export function answer(
  parts: readonly GeminiAnswerPart[],
  { usageMetadata = USAGE, index = 0, ...candidate }: Rest = {},
): object {
  const content = { parts, role: 'model' };
  return { candidates: [{ content, index, ...candidate }], usageMetadata, ...ENVELOPE };
}

export const TEXT: VendorAnswer = {
  unary: answer([{ text: 'Hello "wörld" 🙂', thoughtSignature: 'c2ln' }], { finishReason: 'STOP' }),
  stream: {
    events: [
      answer([{ text: 'Hello' }], { usageMetadata: { promptTokenCount: 20, totalTokenCount: 20 } }),
      answer([{ text: ' "wörld"' }]),
      answer([{ text: ' 🙂' }]),
      { usageMetadata: USAGE, ...ENVELOPE },
      answer([{ text: '', thoughtSignature: 'c2ln' }], { finishReason: 'STOP' }),
    ],
  },
  expected: { text: 'Hello "wörld" 🙂', toolCalls: [], finishReason: 'stop', input: 20, output: 9 },
};

const WEATHER = { functionCall: { name: 'weather', args: { city: 'Berlin' } } };
const TIME = { functionCall: { id: 'vendor-2', name: 'time' } };

export const TOOLS: VendorAnswer = {
  unary: answer([{ ...WEATHER, thoughtSignature: 'c2ln' }, TIME], { finishReason: 'STOP' }),
  stream: {
    events: [
      answer([{ text: 'They want', thought: true }]),
      answer([{ text: ' the weather.', thought: true }]),
      answer([{ ...WEATHER, thoughtSignature: 'c2ln' }]),
      answer([TIME]),
      answer([{ text: '' }], { finishReason: 'STOP' }),
    ],
  },
  expected: {
    text: '',
    toolCalls: [
      { name: 'weather', arguments: { city: 'Berlin' } },
      { name: 'time', arguments: {} },
    ],
    finishReason: 'tool_calls',
    input: 20,
    output: 9,
  },
};

export const GEMINI_VENDOR: HttpVendor = {
  kind: 'http',
  text: TEXT,
  tools: TOOLS,
  model: 'gemini-3-flash-preview',
  error: (status, message) => ({
    error: { code: status, message, status: status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL' },
  }),
  streamError: { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
  embeddings: {
    answer: {
      embeddings: VECTORS.map((values) => ({ values })),
      usageMetadata: { promptTokenCount: 5, totalTokenCount: 5 },
    },
    input: 5,
  },
  models: {
    answer: {
      models: [
        { name: 'models/gemini-3-pro', supportedGenerationMethods: ['generateContent'] },
        { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
      ],
    },
    ids: ['gemini-3-pro', 'gemini-embedding-001'],
  },
};
