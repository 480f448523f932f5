import { BASE_PATH } from '@/app/base-path';
import { failureOf, readFailure } from './api-failure';

/** Longer than any panel's query takes; a page that waits longer says so and offers to ask again. */
const ANSWER_TIMEOUT_MS = 20_000;

/**
 * Asks the server and gives the answer when it is ok.
 *
 * @param path from the root of the proxy, with a leading slash
 * @throws ApiFailure when it is not ok or none came
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  return send(new Request(`${BASE_PATH}${path}`, init));
}

/** The same for a request that is there already. */
export async function send(prepared: Request): Promise<Response> {
  const response = await fetchInTime(prepared);
  if (!response.ok) throw await readFailure(response);
  return response;
}

/** Sends with a time-out and gives any answer. */
export async function fetchInTime(prepared: Request): Promise<Response> {
  prepared.headers.set('x-llm-proxy-csrf', '1');
  const signal = AbortSignal.any([prepared.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  try {
    return await fetch(prepared, { signal, credentials: 'same-origin' });
  } catch (thrown) {
    throw failureOf(thrown);
  }
}

export function jsonInit(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
