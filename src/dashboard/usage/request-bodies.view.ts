import { ApiProperty } from '@nestjs/swagger';
import { BODY_KINDS, type BodyKind, type StoredBody } from '../../usage/bodies/body-kinds.js';

/** What was said, as far as it is kept. */
export class RequestBodyView {
  @ApiProperty({ enum: BODY_KINDS })
  kind!: BodyKind;
  /** As it went over the wire: JSON, or the events of a stream. */
  text!: string;
  /** Of the whole body in UTF-8. */
  bytes!: number;
  /** Only its beginning is kept. */
  truncated!: boolean;
  /** Something that looked like a key is masked. */
  redacted!: boolean;
}

/** The bodies of a request. */
export class RequestBodiesView {
  items!: RequestBodyView[];
  /** There are three at most. */
  nextCursor!: string | null;
}

export function requestBodiesView(bodies: readonly StoredBody[]): RequestBodiesView {
  const items = BODY_KINDS.flatMap((wanted) => bodies.filter(({ kind }) => kind === wanted));
  return {
    items: items.map(({ kind, text, bytes, truncated, redacted }) => ({
      kind,
      text,
      bytes,
      truncated,
      redacted,
    })),
    nextCursor: null,
  };
}
