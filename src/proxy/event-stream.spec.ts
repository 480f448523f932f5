import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../test/support/wait-until.js';
import { Flow } from '../providers/contract/flow.js';
import { EventStream, type EventStreamSettings } from './event-stream.js';

const QUIET: EventStreamSettings = { keepAliveMs: 60_000, stallMs: 60_000 };
const MEBIBYTE = 1024 * 1024;

const server = createServer();
const closing: (() => void)[] = [];

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

/** Both ends of a stream; the client reads unless it is told not to. */
async function connect(settings: Partial<EventStreamSettings> = {}, reads = true) {
  const accepted = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const { port } = server.address() as AddressInfo;
  const client = request({ port, host: '127.0.0.1', agent: false });
  client.on('error', () => undefined);
  let received = '';
  let hasEnded = false;
  let incoming: IncomingMessage | undefined;
  client.once('response', (answer) => {
    incoming = answer;
    incoming.on('error', () => undefined).once('end', () => (hasEnded = true));
    if (reads) incoming.setEncoding('utf8').on('data', (text: string) => (received += text));
  });
  client.end();
  const [, response] = await accepted;
  const flow = new Flow();
  const stream = new EventStream(response as Response, flow, { ...QUIET, ...settings });
  closing.push(() => stream.abandon());
  return {
    stream,
    flow,
    response,
    client,
    read: () => incoming?.resume(),
    received: () => received,
    hasEnded: () => hasEnded,
    ended: () => waitUntil(() => hasEnded, 'the end of the answer'),
  };
}

type Connection = Awaited<ReturnType<typeof connect>>;

/** Sends until the socket is full. */
async function fill({ stream, flow }: Connection): Promise<void> {
  await waitUntil(() => {
    if (!flow.paused) stream.send('x'.repeat(MEBIBYTE));
    return flow.paused;
  }, 'the socket to be full');
}

describe(EventStream.name, () => {
  it('sends status and headers when it is opened, not before', async () => {
    const { stream, client } = await connect();
    expect(stream.opened).toBe(false);
    const answered = once(client, 'response') as Promise<[IncomingMessage]>;
    stream.open({ 'x-extra': 'yes' });
    expect(stream.opened).toBe(true);
    stream.send('1');
    const [{ statusCode, headers }] = await answered;
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      'x-extra': 'yes',
    });
  });

  it('writes all that one turn brings at once, in order', async () => {
    const connection = await connect();
    const { stream, response } = connection;
    const writes: string[] = [];
    const write = response.write.bind(response);
    response.write = ((text: string) => writes.push(text) > 0 && write(text)) as typeof write;
    stream.open({});
    for (const data of ['1', '2', '3']) stream.send(data);
    expect(writes).toEqual([]);
    await waitUntil(() => connection.received() !== '', 'the frames');
    stream.send('4');
    await stream.end(['5', '[DONE]']);
    await connection.ended();
    expect(writes).toEqual(['1b\r\ndata: 1\n\ndata: 2\n\ndata: 3\n\n\r\n', '9\r\ndata: 4\n\n\r\n']);
    expect(connection.received()).toBe(
      ['1', '2', '3', '4', '5', '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
    );
  });

  it('holds the last frames until what must be done before is done', async () => {
    const connection = await connect();
    const { stream } = connection;
    const gate = Promise.withResolvers<void>();
    stream.open({});
    stream.send('1');
    const ending = stream.end(['[DONE]'], () => gate.promise);
    await waitUntil(() => connection.received() !== '', 'the first frame');
    expect(connection.received()).toBe('data: 1\n\n');
    expect(connection.hasEnded()).toBe(false);
    gate.resolve();
    await ending;
    await connection.ended();
    expect(connection.received()).toBe('data: 1\n\ndata: [DONE]\n\n');
  });

  it('can still end otherwise when that fails', async () => {
    const connection = await connect();
    const { stream } = connection;
    stream.open({});
    stream.send('1');
    const failing = stream.end(['[DONE]'], () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await stream.end(['{"error":{}}']);
    await connection.ended();
    expect(connection.received()).toBe('data: 1\n\ndata: {"error":{}}\n\n');
  });

  it('breaks silence with comments that no frame is torn by', async () => {
    const connection = await connect({ keepAliveMs: 5 });
    const { stream } = connection;
    stream.open({});
    stream.send('1');
    const comments = () => connection.received().split(': keep-alive\n\n').length - 1;
    await waitUntil(() => comments() >= 3, 'comments');
    stream.send('2');
    await stream.end(['[DONE]']);
    await connection.ended();
    expect(connection.received().replaceAll(': keep-alive\n\n', '')).toBe(
      'data: 1\n\ndata: 2\n\ndata: [DONE]\n\n',
    );
  });

  it('sends no comment when they are off', async () => {
    const silent = await connect({ keepAliveMs: 0 });
    silent.stream.open({});
    silent.stream.send('1');
    const other = await connect({ keepAliveMs: 5 });
    other.stream.open({});
    await waitUntil(() => other.received().length > 100, 'comments in another stream');
    await silent.stream.end(['[DONE]']);
    await silent.ended();
    expect(silent.received()).toBe('data: 1\n\ndata: [DONE]\n\n');
  });

  it('pauses the upstream while the client does not read, and resumes it', async () => {
    const connection = await connect({}, false);
    connection.stream.open({});
    await fill(connection);
    connection.read();
    await waitUntil(() => !connection.flow.paused, 'the upstream to be resumed');
    expect(connection.response.destroyed).toBe(false);
  });

  it('closes a client that reads nothing for too long', async () => {
    const connection = await connect({ stallMs: 20 }, false);
    connection.stream.open({});
    await fill(connection);
    await waitUntil(() => connection.response.destroyed, 'the client to be closed');
  });

  it('closes a client that does not read the end', async () => {
    const connection = await connect({ stallMs: 20 }, false);
    const { stream, response } = connection;
    stream.open({});
    await stream.end(['x'.repeat(32 * MEBIBYTE)]);
    await waitUntil(() => response.destroyed, 'the client to be closed');
    expect(response.writableFinished).toBe(false);
  });

  it('copies everything, comments apart, whether or not the client is there', async () => {
    let copy = '';
    const connection = await connect({
      keepAliveMs: 5,
      copy: { append: (text) => (copy += text) },
    });
    const { stream, client, response } = connection;
    stream.open({});
    stream.send('1');
    await waitUntil(() => connection.received().includes(': keep-alive'), 'a comment');
    client.destroy();
    await waitUntil(() => response.destroyed, 'the client to be gone');
    stream.send('2');
    await stream.end(['3', '[DONE]']);
    expect(copy).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: [DONE]\n\n');
  });

  it('can be opened for a client that is gone', async () => {
    const { stream, client, response, flow } = await connect();
    client.destroy();
    await waitUntil(() => response.destroyed, 'the client to be gone');
    stream.open({});
    expect(stream.opened).toBe(true);
    stream.send('x'.repeat(MEBIBYTE));
    await stream.end(['[DONE]']);
    expect(flow.paused).toBe(false);
  });
});
