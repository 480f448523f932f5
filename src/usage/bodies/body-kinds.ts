/** What is kept of a request: as its client sent it, as it went to the provider, as it was answered. */
export const BODY_KINDS = ['client_request', 'upstream_request', 'answer'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

export interface StoredBody {
  readonly requestId: string;
  readonly kind: BodyKind;
  /** Of the request's admission, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly text: string;
  /** Of the whole body in UTF-8, also where only its beginning is kept. */
  readonly bytes: number;
  readonly truncated: boolean;
  /** Something in it looked like a key and is masked. */
  readonly redacted: boolean;
}
