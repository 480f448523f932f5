import type { Modality } from '../contract/provider.js';
import type { ThinkingLevel } from './gemini-api.js';

/** How a family is told how much to think: in tokens, in levels, or not at all. */
export type Thinking =
  | { readonly by: 'budget'; readonly min: number; readonly max: number; readonly canStop: boolean }
  | { readonly by: 'level'; readonly levels: readonly ThinkingLevel[] }
  | { readonly by: 'none' };

/** What the models of a family have in common. */
export interface GeminiFamily {
  readonly pattern: RegExp;
  readonly thinking: Thinking;
  /** Tokens; a larger wish would be refused. */
  readonly maxOutputTokens?: number;
  /** Refuses a turn's first function call when it comes back without its signature. */
  readonly requiresSignatures: boolean;
  /** Takes JSON Schema beside the OpenAPI subset. */
  readonly takesJsonSchema: boolean;
  /** Has the mode that holds a free choice of functions to their schemas. */
  readonly validatesCalls: boolean;
  /** Takes images within a function's response. */
  readonly takesImagesInResponses: boolean;
  /** Takes a system instruction. */
  readonly takesSystemInstruction: boolean;
  /** Ignores temperature, topP and topK, and refuses penalties. */
  readonly hasFixedSampling: boolean;
  readonly inputs: readonly Modality[];
  readonly outputs: readonly Modality[];
  /** Takes functions. */
  readonly tools: boolean;
}

/** Vendor limits that hold for every family. */
export const MAX_CANDIDATES = 8;
export const MAX_STOP_SEQUENCES = 5;

const ALL_LEVELS: readonly ThinkingLevel[] = ['minimal', 'low', 'medium', 'high'];
const NO_MINIMAL: readonly ThinkingLevel[] = ['low', 'medium', 'high'];

/** Also what an unknown name is taken for: it is more likely newer than this table than older. */
const NEWEST: GeminiFamily = {
  pattern: /^/,
  thinking: { by: 'level', levels: NO_MINIMAL },
  requiresSignatures: true,
  takesJsonSchema: true,
  validatesCalls: true,
  takesImagesInResponses: true,
  takesSystemInstruction: true,
  hasFixedSampling: false,
  inputs: ['text', 'image', 'audio', 'video', 'file'],
  outputs: ['text'],
  tools: true,
};

const GEMINI_3 = { ...NEWEST, maxOutputTokens: 65_536 };

const GEMINI_2_5 = {
  ...NEWEST,
  maxOutputTokens: 65_536,
  requiresSignatures: false,
  takesImagesInResponses: false,
};

const OLD: Omit<GeminiFamily, 'pattern'> = {
  ...GEMINI_2_5,
  thinking: { by: 'none' },
  maxOutputTokens: 8192,
  takesJsonSchema: false,
  validatesCalls: false,
};

/** The first match holds. https://ai.google.dev/gemini-api/docs/models and …/thinking */
const FAMILIES: readonly GeminiFamily[] = [
  {
    ...OLD,
    pattern: /^gemma-/,
    takesSystemInstruction: false,
    inputs: ['text', 'image'],
  },
  { ...OLD, pattern: /^gemini-(?:1\.|pro(?:-vision)?$|2\.0-)/ },
  {
    ...GEMINI_2_5,
    pattern: /^gemini-2\.5-flash-image/,
    thinking: { by: 'none' },
    maxOutputTokens: 32_768,
    inputs: ['text', 'image'],
    outputs: ['text', 'image'],
    tools: false,
  },
  {
    ...GEMINI_2_5,
    pattern: /^gemini-2\.5-flash-lite/,
    thinking: { by: 'budget', min: 512, max: 24_576, canStop: true },
  },
  {
    ...GEMINI_2_5,
    pattern: /^gemini-2\.5-flash/,
    thinking: { by: 'budget', min: 1, max: 24_576, canStop: true },
  },
  {
    ...GEMINI_2_5,
    pattern: /^gemini-2\.5-/,
    thinking: { by: 'budget', min: 128, max: 32_768, canStop: false },
  },
  {
    ...GEMINI_3,
    pattern: /^gemini-3(?:\.\d)?-(?:pro|flash|flash-lite)-image/,
    thinking: { by: 'level', levels: ['high'] },
    requiresSignatures: false,
    inputs: ['text', 'image'],
    outputs: ['text', 'image'],
    tools: false,
  },
  { ...GEMINI_3, pattern: /^gemini-3-pro/, thinking: { by: 'level', levels: ['low', 'high'] } },
  { ...GEMINI_3, pattern: /^gemini-3(?:\.\d)?-pro/ },
  {
    ...GEMINI_3,
    pattern: /^gemini-3\.(?:5-flash-lite|6-)/,
    thinking: { by: 'level', levels: ALL_LEVELS },
    hasFixedSampling: true,
  },
  {
    ...GEMINI_3,
    pattern: /^gemini-3(?:\.[1-5])?-flash/,
    thinking: { by: 'level', levels: ALL_LEVELS },
  },
  { ...GEMINI_3, pattern: /^gemini-3\.[7-9]-flash/, hasFixedSampling: true },
  { ...NEWEST, pattern: /^gemini-(?:[4-9]|\d\d)/, hasFixedSampling: true },
  NEWEST,
];

/** The family of a model, with or without `models/` before its name. */
export function findGeminiFamily(model: string): GeminiFamily {
  const name = model.replace(/^models\//, '');
  return FAMILIES.find(({ pattern }) => pattern.test(name)) ?? NEWEST;
}
