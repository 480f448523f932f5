interface UrlCitation {
  url?: unknown;
  title?: unknown;
  start_index?: unknown;
  end_index?: unknown;
}

/** A nested citation as the flat one of this dialect; undefined for what it has no form for. */
export function convertAnnotation(annotation: unknown): object | undefined {
  if (typeof annotation !== 'object' || annotation === null) return undefined;
  const { type, url_citation: nested } = annotation as { type?: unknown; url_citation?: unknown };
  if (type !== 'url_citation' || typeof nested !== 'object' || nested === null) return undefined;
  const { url, title, start_index: start, end_index: end } = nested as UrlCitation;
  if (typeof url !== 'string') return undefined;
  return {
    type: 'url_citation',
    url,
    title: typeof title === 'string' ? title : url,
    start_index: typeof start === 'number' ? start : 0,
    end_index: typeof end === 'number' ? end : 0,
  };
}
