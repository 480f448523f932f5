import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { TestApp } from './test-app.js';
import { waitUntil } from './wait-until.js';

export interface LiveEntry {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A watcher, as the page is one. */
export class LiveClient {
  readonly frames: LiveEntry[][] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as LiveEntry[]);
    });
  }

  static async open(app: TestApp, topics: readonly string[], token?: string): Promise<LiveClient> {
    const client = new LiveClient(openSocket(app, await takeTicket(app, token)));
    await once(client.socket, 'open');
    await client.subscribe(topics);
    return client;
  }

  /** Resolves with the answer. */
  async subscribe(topics: readonly string[]): Promise<LiveEntry> {
    const before = this.of('subscribed').length;
    this.socket.send(JSON.stringify({ event: 'subscribe', data: { topics } }));
    await waitUntil(() => this.of('subscribed').length > before, 'the answer', 5_000);
    return this.of('subscribed').at(-1) as LiveEntry;
  }

  of(event: string): LiveEntry[] {
    return this.frames.flat().filter((entry) => entry.event === event);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await once(this.socket, 'close');
  }
}

export async function takeTicket(app: TestApp, token: string = app.adminKey): Promise<string> {
  const answer = await fetch(`${app.url}/api/live/ticket`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (answer.status !== 201) throw new Error(`a ticket was answered ${answer.status}`);
  return ((await answer.json()) as { ticket: string }).ticket;
}

export function openSocket(app: TestApp, ticket: string, origin?: string): WebSocket {
  const url = `${app.url.replace('http', 'ws')}/api/live?ticket=${ticket}`;
  return new WebSocket(url, origin === undefined ? {} : { origin });
}

/** The status that the opening of a connection was refused with; 101 when it was not. */
export async function openingStatus(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}
