import { setTimeout as pause } from 'node:timers/promises';
import { formatPlan } from './answer-plan.ts';
import { CLIENT_KEY, MODEL } from './bench-configuration.ts';
import { Connection } from './connection.ts';
import { writeChatRequest } from './load.ts';
import type { Random } from './random.ts';
import type { ServedTokens } from './tokens.ts';

/** One request as its client remembers it. */
export interface ClientCall {
  readonly id: string;
  readonly stream: boolean;
  /**
   * `complete`: a 2xx answer up to its end; `left`: the client went away itself; `failed`: anything
   * else, an error answer as well as a broken connection.
   */
  readonly outcome: 'complete' | 'left' | 'failed';
  /** 0 when no status line came. */
  readonly status: number;
  /** Stream events that arrived. */
  readonly events: number;
  /** What the answer said it used; null unless complete. */
  readonly tokens: ServedTokens | null;
}

interface Wish {
  readonly id: string;
  readonly stream: boolean;
  readonly chunks: number;
  readonly intervalMs: number;
  readonly delayMs: number;
  /** Events after which the client leaves. */
  readonly leaveAfter: number;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number };
}

const DONE = 'data: [DONE]\n\n';

/**
 * Clients that keep asking while the gateway comes and goes: answers at once and streams, quick and
 * slow, some of which their client leaves half-way. Remembers every request.
 */
export class CrashClients {
  readonly calls: ClientCall[] = [];
  readonly #url: string;
  readonly #random: Random;
  readonly #run = Date.now().toString(36);
  #open = Promise.withResolvers<void>();
  #sent = 0;
  #stopped = false;

  constructor(url: string, random: Random) {
    this.#url = url;
    this.#random = random;
  }

  /** The gateway is there: whoever waits goes on. */
  letGo(): void {
    this.#open.resolve();
  }

  /** The gateway is gone: nobody starts a request until `letGo`. */
  hold(): void {
    this.#open.resolve();
    this.#open = Promise.withResolvers<void>();
  }

  /** Lets the running requests end. */
  stop(): void {
    this.#stopped = true;
    this.letGo();
  }

  /** Ends after `stop`, when the last request has. */
  async run(concurrency: number): Promise<void> {
    await Promise.all(Array.from({ length: concurrency }, () => this.#work()));
  }

  async #work(): Promise<void> {
    const connection = new Connection(new URL(this.#url));
    while (true) {
      await this.#open.promise;
      if (this.#stopped) break;
      const call = await ask(connection, this.#url, this.#wish());
      this.calls.push(call);
      // The killer may not yet have said that the gateway is gone.
      if (call.status === 0) await pause(10);
    }
    connection.close();
  }

  #wish(): Wish {
    this.#sent += 1;
    const random = this.#random;
    const id = `crash-${this.#run}-${this.#sent}`;
    if (random.chance(0.7)) {
      const delayMs = random.chance(0.5) ? random.between(1, 30) : 0;
      return { id, stream: false, chunks: 0, intervalMs: 0, delayMs, leaveAfter: Infinity };
    }
    const chunks = random.between(5, 40);
    const leaveAfter = random.chance(0.25) ? random.between(1, chunks) : Infinity;
    return { id, stream: true, chunks, intervalMs: random.between(0, 8), delayMs: 0, leaveAfter };
  }
}

/** Never rejects: a failure is an outcome. */
function ask(connection: Connection, url: string, wish: Wish): Promise<ClientCall> {
  const { id, stream } = wish;
  const options = { url, key: CLIENT_KEY, model: MODEL, stream };
  const request = writeChatRequest(options, formatPlan(wish), `x-request-id: ${id}\r\n`);
  return new Promise((resolve) => {
    let status = 0;
    let text = '';
    let left = false;
    const settle = (ended: boolean): void => {
      const tokens = ended && status === 200 ? tokensOf(text, stream) : null;
      const outcome = left ? 'left' : tokens === null ? 'failed' : 'complete';
      resolve({ id, stream, outcome, status, events: countEvents(text), tokens });
    };
    connection.send(request, {
      head: (code) => {
        status = code;
      },
      body: (bytes) => {
        text += bytes.toString('latin1');
        if (!stream || status !== 200 || countEvents(text) < wish.leaveAfter) return;
        left = true;
        connection.close();
      },
      end: () => settle(true),
      fail: () => settle(false),
    });
  });
}

function countEvents(text: string): number {
  return text.split('\n\n').length - 1;
}

/** Null when the answer is not whole. */
function tokensOf(text: string, stream: boolean): ServedTokens | null {
  if (stream && !text.endsWith(DONE)) return null;
  const json = stream ? text.split('\n\n').findLast((event) => event.includes('"usage":{')) : text;
  if (json === undefined) return null;
  let usage: Usage | undefined;
  try {
    usage = (JSON.parse(json.replace(/^data: /, '')) as { usage?: Usage }).usage;
  } catch {
    return null;
  }
  if (usage === undefined) return null;
  return {
    prompt: usage.prompt_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    completion: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
