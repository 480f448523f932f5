import { ApiFailure } from './api-failure';
import type { AuthStatus, SessionAnswer, SignedInUser } from './auth-contract';
import { jsonInit, request } from './request';

/** Renewed that long before it ends, so that no request meets an expired token by a hair. */
const RENEW_BEFORE_MS = 30_000;
const LOCK_NAME = 'llm-proxy:session';

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  | {
      readonly kind: 'signed-in';
      readonly user: SignedInUser;
      readonly mustChangePassword: boolean;
    };

/**
 * Who uses the page. The access token lives in this object and nowhere else; what outlives a reload
 * is the refresh cookie, which no script can read.
 */
export class Session {
  readonly #listeners = new Set<() => void>();
  readonly #tabs = new BroadcastChannel(LOCK_NAME);
  #state: SessionState = { kind: 'unknown' };
  #token: { readonly text: string; readonly endsAt: number } | undefined;
  #renewal: Promise<void> | undefined;
  #wasSignedIn = false;

  constructor() {
    this.#tabs.onmessage = () => this.#forget();
  }

  readonly state = (): SessionState => this.#state;

  /** Whether somebody was signed in since the page was loaded. */
  wasSignedIn(): boolean {
    return this.#wasSignedIn;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A token that is still good for a while; undefined when nobody is signed in. */
  async token(): Promise<string | undefined> {
    if (this.#state.kind === 'signed-out') return undefined;
    if (this.#token === undefined || this.#token.endsAt - Date.now() < RENEW_BEFORE_MS) {
      await this.renew();
    }
    return this.#token?.text;
  }

  /**
   * Gets a new token for the cookie; once however many ask, and one tab after the other: the cookie
   * changes with each renewal, and an old one that is sent again ends the session.
   *
   * @throws ApiFailure when the server could not be asked; being signed out is no failure
   */
  renew(): Promise<void> {
    this.#renewal ??= this.#alone(() => this.#renew()).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  /** @throws ApiFailure when they are not right */
  async signIn(email: string, password: string): Promise<void> {
    await this.#accept(await request('/api/auth/login', jsonInit({ email, password })));
  }

  /** Makes the first account with the token of the link that the server printed. */
  async setUp(body: {
    token: string;
    email: string;
    name: string;
    password: string;
  }): Promise<void> {
    await this.#accept(await request('/api/auth/setup', jsonInit(body)));
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    const init = jsonInit({ currentPassword, newPassword });
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${(await this.token()) ?? ''}`);
    await request('/api/auth/change-password', { ...init, headers });
    await this.renew();
  }

  /** Ends the session in all tabs of this browser, also when the server cannot be told. */
  async signOut(): Promise<void> {
    try {
      await request('/api/auth/logout', { method: 'POST' });
    } finally {
      this.#wasSignedIn = false;
      this.#forget();
      this.#tabs.postMessage('signed-out');
    }
  }

  /** What the sign-in page needs to know. */
  async status(): Promise<AuthStatus> {
    return (await (await request('/api/auth/status')).json()) as AuthStatus;
  }

  async #renew(): Promise<void> {
    try {
      await this.#accept(await request('/api/auth/refresh', { method: 'POST' }));
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || failure.isPassing) throw failure;
      this.#forget();
    }
  }

  async #accept(response: Response): Promise<void> {
    const answer = (await response.json()) as SessionAnswer;
    this.#token = { text: answer.accessToken, endsAt: Date.now() + answer.expiresIn * 1000 };
    this.#become({
      kind: 'signed-in',
      user: answer.user,
      mustChangePassword: answer.mustChangePassword,
    });
  }

  #forget(): void {
    this.#token = undefined;
    this.#become({ kind: 'signed-out' });
  }

  #become(state: SessionState): void {
    this.#state = state;
    if (state.kind === 'signed-in') this.#wasSignedIn = true;
    for (const listener of this.#listeners) listener();
  }

  /** Browsers have locks over tabs on secure origins only; elsewhere this tab is all we can order. */
  #alone(work: () => Promise<void>): Promise<void> {
    return 'locks' in navigator ? navigator.locks.request(LOCK_NAME, work) : work();
  }
}

export const session = new Session();
