import type { Client, Dispatcher } from 'undici';
import type { Media } from '../contract/media.js';
import { invalidValue } from '../contract/refusals.js';
import type { GuardedDialer } from './guarded-dialer.js';
import { isMediaType, mediaTypeOf } from './media-type.js';

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const HEADERS = {
  'user-agent': 'llm-proxy',
  accept: 'image/*, audio/*, video/*, application/pdf',
  'accept-encoding': 'identity',
};

/** One file to be fetched. */
export interface MediaDownload {
  readonly url: string;
  /** Where in the request's body it is named. */
  readonly path: string;
  readonly dialer: GuardedDialer;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told of every piece before it is kept; false when that is too much. */
  readonly admit: (bytes: number) => boolean;
}

/**
 * Fetches a file, following redirects as far as each of them may be called itself. Sends nothing
 * of ours and nothing of the client's. Rejects with a `ProviderError` for what is no usable file,
 * and with whatever else went wrong on the way.
 */
export async function downloadMedia(download: MediaDownload): Promise<Media> {
  let url = parseUrl(download.url, undefined, download);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const client = download.dialer.dial(url, download.timeoutMs);
    try {
      const answer = await request(client, url, download);
      const location = locationOf(answer);
      if (location === undefined) return await readMedia(answer, download);
      url = parseUrl(location, url, download);
    } finally {
      await client.destroy();
    }
  }
  throw invalidValue(download.path, 'was moved too often');
}

function parseUrl(text: string, base: URL | undefined, { dialer, path }: MediaDownload): URL {
  const url = URL.parse(text, base?.href);
  if (!url) throw invalidValue(path, 'has no URL that can be read');
  const mayBePlain = url.protocol === 'http:' && dialer.isAllowed(url);
  if (url.protocol !== 'https:' && !mayBePlain) {
    throw invalidValue(path, 'must be given as a data URL or be fetched over https');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidValue(path, 'must have a URL without credentials');
  }
  return url;
}

function request(client: Client, url: URL, { signal }: MediaDownload) {
  return client.request({
    method: 'GET',
    path: url.pathname + url.search,
    headers: HEADERS,
    signal,
  });
}

function locationOf({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  const { location } = headers;
  return REDIRECTS.has(statusCode) && typeof location === 'string' ? location : undefined;
}

async function readMedia(answer: Dispatcher.ResponseData, download: MediaDownload): Promise<Media> {
  const { path } = download;
  const { statusCode, headers, body } = answer;
  if (statusCode !== 200) {
    throw invalidValue(path, `cannot be fetched: its server answered with status ${statusCode}`);
  }
  const mediaType = mediaTypeOf(headers);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!isMediaType(mediaType) || encoding !== 'identity') {
    throw invalidValue(path, 'must be an image, audio, a video or a PDF, and be served as such');
  }
  const base64 = await readBody(body, Number(headers['content-length']) || 0, download);
  if (base64 === '') throw invalidValue(path, 'is empty');
  return { mediaType, base64 };
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  announced: number,
  { path, admit }: MediaDownload,
): Promise<string> {
  const chunks: Buffer[] = [];
  // What is announced as too large is not read at all.
  const tooLarge = () => invalidValue(path, 'is too large, or together with the others');
  if (announced > 0 && !admit(announced)) throw tooLarge();
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > announced && !admit(chunk.length)) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('base64');
}
