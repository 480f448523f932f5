import { isObject, objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';
import type { GeminiCandidate } from './gemini-api.js';

export interface UrlCitation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly url: string;
    readonly title: string;
  };
}

/** How many searches the vendor made for this candidate. */
export function countSearches({ groundingMetadata }: GeminiCandidate): number {
  const queries = isObject(groundingMetadata) ? groundingMetadata['webSearchQueries'] : undefined;
  return Array.isArray(queries) ? queries.length : 0;
}

/**
 * Where the answer's words come from, as OpenAI's annotations. The vendor counts bytes of UTF-8,
 * OpenAI characters; `text` is the candidate's whole text.
 */
export function convertGrounding(candidate: GeminiCandidate, text: string): UrlCitation[] {
  const grounding = isObject(candidate.groundingMetadata) ? candidate.groundingMetadata : {};
  const sources = objectsIn(grounding['groundingChunks']).map(({ web }) =>
    isObject(web) ? web : {},
  );
  const at = new Positions(text);
  const supports = objectsIn(grounding['groundingSupports']);
  const citations = supports.flatMap(({ segment, groundingChunkIndices }) => {
    const indexes = Array.isArray(groundingChunkIndices) ? groundingChunkIndices : [];
    const range = isObject(segment) ? at.range(segment) : at.whole;
    return indexes.flatMap((index) => citation(sources[Number(index)], range));
  });
  // Without a word on which source supports what, each one supports the whole.
  const found =
    citations.length > 0 ? citations : sources.flatMap((web) => citation(web, at.whole));
  return [...found, ...convertCitations(candidate, at)];
}

function convertCitations({ citationMetadata }: GeminiCandidate, at: Positions): UrlCitation[] {
  if (!isObject(citationMetadata)) return [];
  const { citationSources, citations } = citationMetadata;
  return objectsIn(citationSources ?? citations).flatMap((source) =>
    citation(source, at.range(source)),
  );
}

function citation(source: JsonObject | undefined, [start, end]: Range): UrlCitation[] {
  if (typeof source?.['uri'] !== 'string') return [];
  const title = typeof source['title'] === 'string' ? source['title'] : '';
  return [
    {
      type: 'url_citation',
      url_citation: { start_index: start, end_index: end, url: source['uri'], title },
    },
  ];
}

type Range = readonly [start: number, end: number];

/** Positions in bytes as positions in characters. */
class Positions {
  readonly whole: Range;
  #bytes: Buffer | undefined;

  constructor(private readonly text: string) {
    this.whole = [0, text.length];
  }

  range({ startIndex, endIndex }: JsonObject): Range {
    const start = this.#characters(startIndex, 0);
    return [start, Math.max(start, this.#characters(endIndex, this.text.length))];
  }

  #characters(bytes: unknown, otherwise: number): number {
    if (typeof bytes !== 'number' || bytes < 0) return otherwise;
    const all = (this.#bytes ??= Buffer.from(this.text));
    // Nothing but ASCII: a byte is a character.
    if (all.length === this.text.length) return Math.min(bytes, this.text.length);
    return all.subarray(0, bytes).toString().length;
  }
}
