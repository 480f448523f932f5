import type { IncomingHttpHeaders } from 'node:http';

/** Client headers that reach an upstream. Everything else, credentials above all, stays here. */
const FORWARDED = [
  'anthropic-beta',
  'anthropic-version',
  'openai-beta',
  'traceparent',
  'tracestate',
];

export function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  return forwarded;
}
