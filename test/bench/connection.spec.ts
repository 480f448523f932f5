import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection } from '../../bench/connection.ts';

const servers: Server[] = [];

/** Answers every request with these bytes, cut into pieces of `size`, and closes when told to. */
async function serve(answer: string, size: number, close = false): Promise<URL> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      for (let at = 0; at < answer.length; at += size) socket.write(answer.slice(at, at + size));
      if (close) socket.end();
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function ask(connection: Connection): Promise<{ status: number; body: string; error?: string }> {
  return new Promise((resolve) => {
    let status = 0;
    let body = '';
    connection.send('GET / HTTP/1.1\r\nhost: here\r\n\r\n', {
      head: (code) => (status = code),
      body: (bytes) => (body += bytes.toString()),
      end: () => resolve({ status, body }),
      fail: (error) => resolve({ status, body, error: error.message }),
    });
  });
}

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '5;a=b\r\nhello\r\nc\r\n\r\n\r\n wor\r\nld\r\n0\r\nx: y\r\n\r\n';
const FIXED = 'HTTP/1.1 429 Slow\r\nContent-Length: 5\r\n\r\nhello';
const EMPTY = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe(Connection.name, () => {
  it.for([1, 2, 3, 7, 1000])('reads a chunked body in pieces of %d bytes', async (size) => {
    const connection = new Connection(await serve(CHUNKED, size));
    const expected = { status: 200, body: 'hello\r\n\r\n wor\r\nld' };
    expect(await ask(connection)).toEqual(expected);
    expect(await ask(connection)).toEqual(expected);
    connection.close();
  });

  it.for([1, 1000])('reads a body of stated length in pieces of %d bytes', async (size) => {
    const connection = new Connection(await serve(FIXED, size));
    expect(await ask(connection)).toEqual({ status: 429, body: 'hello' });
    connection.close();
  });

  it('reads an empty body', async () => {
    const connection = new Connection(await serve(EMPTY, 1000));
    expect(await ask(connection)).toEqual({ status: 200, body: '' });
    connection.close();
  });

  it('reads until the server closes when no length is stated', async () => {
    const connection = new Connection(await serve('HTTP/1.1 200 OK\r\n\r\nhello', 1000, true));
    expect(await ask(connection)).toEqual({ status: 200, body: 'hello' });
  });

  it('fails when the server closes half-way, and connects anew for the next request', async () => {
    const connection = new Connection(await serve(CHUNKED.slice(0, -7), 1000, true));
    const failed = { status: 200, error: 'The server closed the connection.' };
    expect(await ask(connection)).toMatchObject(failed);
    expect(await ask(connection)).toMatchObject(failed);
    connection.close();
  });

  it.for(['zz\r\nhello', '3\r\nhello\r\n'])('fails on chunks framed as %j', async (body) => {
    const head = CHUNKED.slice(0, CHUNKED.indexOf('5;'));
    const connection = new Connection(await serve(head + body, 1000));
    expect(await ask(connection)).toMatchObject({
      error: 'The answer is not framed as HTTP asks.',
    });
  });

  it('fails when nobody listens', async () => {
    const url = await serve(FIXED, 1000);
    servers.splice(0)[0]!.close();
    expect(await ask(new Connection(url))).toMatchObject({ status: 0, error: /ECONNREFUSED/ });
  });
});
