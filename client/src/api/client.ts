import createClient from 'openapi-fetch';
import { BASE_PATH } from '@/app/base-path';
import { readFailure } from './api-failure';
import { fetchInTime } from './request';
import type { components, paths } from './schema';
import { session } from './session';

/** A body or answer of the API by its name, e.g. `Schema<'BudgetView'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Every route of the API, typed by the document that the server makes of itself. */
export const api = createClient<paths>({
  baseUrl: BASE_PATH === '' ? window.location.origin : `${window.location.origin}${BASE_PATH}`,
  fetch: fetchSignedIn,
});

/**
 * The data of an answer.
 *
 * @throws ApiFailure when the server refused or could not be reached
 */
export async function dataOf<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  // What is not ok never comes back from `fetchSignedIn`, so that it is data or an empty answer.
  return (await answer).data as Data;
}

/** With the token; a token that the server no longer takes is renewed once. */
export async function fetchSignedIn(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetchWithToken(request, await session.token());
  if (response.ok) return response;
  if (response.status !== 401) throw await readFailure(response);
  await session.renew();
  const token = await session.token();
  if (token === undefined) throw await readFailure(response);
  const second = await fetchWithToken(again, token);
  if (!second.ok) throw await readFailure(second);
  return second;
}

function fetchWithToken(request: Request, token: string | undefined): Promise<Response> {
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
  return fetchInTime(request);
}
