import { objectsIn } from './anthropic-api.js';

/** A place that a piece of the answer comes from, as OpenAI tells it. */
export interface UrlCitation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    /** Characters of the answer's text; the end is exclusive. */
    readonly start_index: number;
    readonly end_index: number;
  };
}

/** Sources with a web address; Anthropic gives the same one once for every passage it cites. */
export function convertCitations(citations: unknown, start: number, end: number): UrlCitation[] {
  const found = new Map<string, UrlCitation>();
  for (const citation of objectsIn(citations)) {
    const url = citation['url'] ?? citation['source'];
    if (typeof url !== 'string' || !URL.canParse(url) || found.has(url)) continue;
    const title = typeof citation['title'] === 'string' ? citation['title'] : url;
    found.set(url, {
      type: 'url_citation',
      url_citation: { url, title, start_index: start, end_index: end },
    });
  }
  return [...found.values()];
}
