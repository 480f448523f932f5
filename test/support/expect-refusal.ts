import { expect } from 'vitest';
import type { ErrorEnvelope } from '../../src/common/errors/error-envelope.js';

export interface Refusal {
  status: number;
  type: string;
  code: string | null;
  param?: string | null;
  message?: string | RegExp;
}

/** As far as `fetch` and a raw answer have it in common. */
export interface RefusalParts {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

const STACK = /\n\s+at |node_modules|\.ts:\d+|\.js:\d+/;
const INTERNALS = /sqlite|select |insert into|undici|typeorm|econn|127\.0\.0\.1|localhost|::1/i;

export async function partsOf(answer: Response): Promise<RefusalParts> {
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: await answer.text(),
  };
}

/**
 * The whole contract of an error answer: status, the exact envelope, a request id, JSON, and
 * nothing in it that belongs to the inside. `secrets` are further texts that must not be there.
 */
export function expectRefusal(
  { status, headers, body }: RefusalParts,
  expected: Refusal,
  secrets: readonly string[] = [],
): ErrorEnvelope['error'] {
  expect({ status, contentType: headers['content-type']?.split(';')[0] }, body).toEqual({
    status: expected.status,
    contentType: 'application/json',
  });
  expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  const { error } = expectEnvelope(JSON.parse(body), expected);
  for (const text of [body, JSON.stringify(headers)]) {
    expect(text).not.toMatch(STACK);
    expect(text).not.toMatch(INTERNALS);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
  return error;
}

/** The same of an error that comes in a stream. */
export function expectEnvelope(envelope: unknown, expected: Refusal): ErrorEnvelope {
  expect(envelope).toEqual({
    error: {
      message: expect.stringMatching(expected.message ?? /\S/),
      type: expected.type,
      param: expected.param ?? null,
      code: expected.code,
    },
  });
  return envelope as ErrorEnvelope;
}
