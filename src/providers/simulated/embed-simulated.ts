import type { SimulatedEmbedding } from './simulated-api.js';

const CHARACTERS_PER_TOKEN = 4;
const COMPONENTS_PER_WORD = 8;

/** The vendor's part of embeddings: the same input always gets the same vector. */
export interface SimulatedVectors {
  /** One per input, in their order, each of length 1. */
  readonly vectors: readonly (readonly number[])[];
  readonly tally: { readonly read: number };
}

export function embedSimulated({ inputs, dimensions }: SimulatedEmbedding): SimulatedVectors {
  let read = 0;
  const vectors = inputs.map((one) => {
    read += typeof one === 'string' ? Math.ceil(one.length / CHARACTERS_PER_TOKEN) : one.length;
    return vectorOf(wordsOf(one), dimensions);
  });
  return { vectors, tally: { read } };
}

function wordsOf(input: string | readonly number[]): string[] {
  if (typeof input !== 'string') return input.map(String);
  const words = input.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words ?? [input];
}

/** Each word points somewhere of its own, so texts that share words are near each other. */
function vectorOf(words: readonly string[], dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of words) {
    let hash = hashOf(word);
    for (let step = 0; step < COMPONENTS_PER_WORD; step += 1) {
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
      const index = hash % dimensions;
      vector[index] = (vector[index] as number) + (hash >= 0x8000_0000 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  if (length > 0) return vector.map((value) => value / length);
  // Words that cancel each other out point nowhere.
  vector[0] = 1;
  return vector;
}

/** FNV-1a. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
