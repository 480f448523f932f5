import type { TestApp } from './test-app.js';

export interface ApiAnswer<Body = never> {
  readonly status: number;
  readonly body: Body;
}

/** Calls of `/api` with a bearer token, the app's admin key when none is given. */
export function apiCaller(app: TestApp, token: string = app.adminKey) {
  return async function call<Body = never>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer<Body>> {
    const answer = await fetch(`${app.url}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
  };
}
