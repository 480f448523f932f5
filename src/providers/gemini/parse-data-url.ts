import type { GeminiBlob } from './gemini-api.js';
import { invalidValue } from '../contract/refusals.js';

/** Long enough for every media type with its parameters; what follows may be megabytes. */
const MAX_HEAD = 256;
const HEAD = /^data:([^;,]*)((?:;[^;,]*)*),/i;

/** @throws ProviderError `rejected` with `path` as `param` */
export function parseDataUrl(url: string, path: string): GeminiBlob {
  const head = HEAD.exec(url.slice(0, MAX_HEAD));
  if (!head) throw invalidValue(path, 'is not a readable data URL');
  const [whole, mediaType = '', parameters = ''] = head;
  const data = url.slice(whole.length);
  const mimeType = mediaType.trim().toLowerCase() || 'text/plain';
  if (/;\s*base64\s*$/i.test(parameters)) return { mimeType, data };
  try {
    return { mimeType, data: Buffer.from(decodeURIComponent(data)).toString('base64') };
  } catch {
    throw invalidValue(path, 'is not a readable data URL');
  }
}
