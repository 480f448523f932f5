import type { Target } from './target.js';

/** A file that a message carries or points to. */
export interface Media {
  /** Such as `image/png`, in lower case and without parameters. */
  readonly mediaType: string;
  /** Without a `data:` prefix. */
  readonly base64: string;
}

/**
 * Fetches what a message points to, for vendors that take no URL: only `https`, never an address
 * inside the operator's network, no more than a set size, within the call's own time.
 */
export abstract class MediaLoader {
  /** Takes `data:` URLs as well. Rejects with `ProviderError` `rejected` (400, `param` set to `path`). */
  abstract load(url: string, target: Target, path: string): Promise<Media>;
}
