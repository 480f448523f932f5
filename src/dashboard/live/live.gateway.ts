import type { IncomingMessage } from 'node:http';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { RawData, WebSocket } from 'ws';
import { LIVE_PATH } from '../../common/live/live-path.js';
import { LiveConnection } from './live-connection.js';
import { LiveEntrance } from './live-entrance.js';
import { LiveMessages } from './live-messages.js';
import { LiveWatchers } from './live-watchers.js';

/**
 * What happens while it happens; `docs/live.md` says what is sent. Messages are read by
 * `LiveMessages` rather than by decorated methods: to those the access guard, which knows requests
 * only, says no, and it is to stay so.
 */
@WebSocketGateway({ path: LIVE_PATH })
export class LiveGateway implements OnGatewayConnection, OnGatewayDisconnect {
  readonly #connections = new WeakMap<WebSocket, LiveConnection>();

  constructor(
    private readonly entrance: LiveEntrance,
    private readonly messages: LiveMessages,
    private readonly watchers: LiveWatchers,
  ) {}

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const { holder, role } = this.entrance.admittedOf(request);
    const connection = new LiveConnection(socket, holder, role);
    this.#connections.set(socket, connection);
    socket.on('pong', () => (connection.answers = true));
    socket.on('message', (data) => this.messages.receive(connection, textOf(data)));
    this.watchers.add(connection);
  }

  handleDisconnect(socket: WebSocket): void {
    const connection = this.#connections.get(socket);
    if (connection !== undefined) this.watchers.remove(connection);
  }
}

/** Messages come whole, as one buffer: nothing else was asked for. */
function textOf(data: RawData): string {
  return (data as Buffer).toString();
}
