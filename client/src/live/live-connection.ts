import { BASE_PATH } from '@/app/base-path';
import { fetchSignedIn } from '@/api/client';
import { jsonInit } from '@/api/request';
import { session } from '@/api/session';
import { Choice } from '@/preferences/choice';
import { type LiveFrame, type LiveTopic, readFrames, subscribeFrame } from './live-frames';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

export interface LiveListener {
  onEvent: (data: unknown) => void;
  /** All there is of the topic at that moment, in place of what was told before. */
  onState?: (items: readonly unknown[]) => void;
  /** So many events were left out; what is shown has to be asked for anew. */
  onLagged: (count: number) => void;
  /** The connection is there again after it was lost; what happened meanwhile was not heard. */
  onResumed: () => void;
}

export type LiveState = 'closed' | 'connecting' | 'open';

/** One socket for the whole page, open while something on it is followed. */
export class LiveConnection {
  readonly state = new Choice<LiveState>('closed', () => undefined);
  readonly #listeners = new Map<LiveTopic, Set<LiveListener>>();
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #wasOpen = false;
  /** Counts attempts, so that one that was given up meanwhile does not open a second socket. */
  #attempt = 0;

  /** Follows a topic until the returned function is called. */
  follow(topic: LiveTopic, listener: LiveListener): () => void {
    const known = this.#listeners.get(topic);
    const listeners = known ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    if (this.state.get() === 'closed') void this.#connect();
    else if (known === undefined) this.#subscribe();
    else this.resynchronise(topic);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(topic);
      if (this.#listeners.size === 0) this.#close();
      else this.#subscribe();
    };
  }

  /** Has the server tell the state of a topic anew, as it does for one that was not wanted before. */
  resynchronise(topic: LiveTopic): void {
    this.#subscribe([...this.#listeners.keys()].filter((each) => each !== topic));
    this.#subscribe();
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retry);
    this.state.set('connecting');
    this.#attempt += 1;
    const attempt = this.#attempt;
    try {
      const ticket = await takeTicket();
      if (attempt === this.#attempt) this.#open(ticket);
    } catch {
      if (attempt === this.#attempt) this.#retryLater();
    }
  }

  #open(ticket: string): void {
    const url = new URL(`${BASE_PATH}/api/live`, window.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('ticket', ticket);
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = () => {
      if (this.#socket === socket) this.#retryLater();
    };
  }

  #opened(): void {
    this.#failures = 0;
    this.state.set('open');
    this.#subscribe();
    if (this.#wasOpen) {
      for (const listener of this.#all()) listener.onResumed();
    }
    this.#wasOpen = true;
  }

  #receive(text: string): void {
    for (const frame of readFrames(text)) this.#tell(frame);
  }

  #tell(frame: LiveFrame): void {
    for (const listener of this.#listeners.get(frame.topic) ?? []) {
      if (frame.kind === 'event') listener.onEvent(frame.data);
      else if (frame.kind === 'state') listener.onState?.(frame.items);
      else listener.onLagged(frame.count);
    }
  }

  #subscribe(topics = [...this.#listeners.keys()]): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(subscribeFrame(topics));
  }

  /** Waits longer each time, and not in step with the other pages that lost the same server. */
  #retryLater(): void {
    this.#socket = undefined;
    if (this.#listeners.size === 0 || session.state().kind === 'signed-out') return this.#close();
    this.state.set('connecting');
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), (longest * (1 + Math.random())) / 2);
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#attempt += 1;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#wasOpen = false;
    this.#failures = 0;
    socket?.close();
    this.state.set('closed');
  }

  #all(): LiveListener[] {
    return [...this.#listeners.values()].flatMap((listeners) => [...listeners]);
  }
}

/** Sockets cannot send headers, so that they are opened with a ticket that is good once. */
async function takeTicket(): Promise<string> {
  const url = new URL(`${BASE_PATH}/api/live/ticket`, window.location.href);
  const response = await fetchSignedIn(new Request(url, jsonInit({})));
  return ((await response.json()) as { ticket: string }).ticket;
}

export const liveConnection = new LiveConnection();
