import { ProviderError } from '../contract/provider-error.js';
import type { UpstreamResponse } from './upstream-call.js';

/** Lower case, without parameters; empty when the upstream named none. */
export function mediaTypeOf(headers: UpstreamResponse['headers']): string {
  const value = headers['content-type'];
  const text = Array.isArray(value) ? value[0] : value;
  return text?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

/** Whether models can read it: no text and no programs. Lower case, without parameters. */
export function isMediaType(mediaType: string): boolean {
  return /^(?:image|audio|video)\/[a-z0-9.+-]+$|^application\/pdf$/.test(mediaType);
}

/** A page where an answer should be: a captive portal, a load balancer, a wrong base URL. */
export function refuseHtml(mediaType: string): void {
  if (mediaType !== 'text/html' && mediaType !== 'application/xhtml+xml') return;
  throw new ProviderError('invalid_response', 'The upstream answered with a web page');
}
