import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ChunkedBody } from './chunked-body.js';

const PIECES = ['data: 1\n\n', '', 'data: é😀\n\n'];
let server: Server;

/** Everything that a client gets which says these words and waits. */
async function bytesFor(request: string): Promise<string> {
  server = createServer((_, response) => {
    response.sendDate = false;
    response.writeHead(200);
    const body = new ChunkedBody(response);
    for (const piece of PIECES) body.write(piece);
    body.end('data: [DONE]\n\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.setEncoding('utf8');
  let received = '';
  socket.on('data', (text: string) => (received += text));
  socket.write(request);
  await once(socket, 'close');
  return received;
}

afterEach(() => {
  server.close();
});

describe(ChunkedBody.name, () => {
  it('frames each piece by its bytes, and leaves the connection to the next request', async () => {
    const second = 'GET /2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const received = await bytesFor(`GET / HTTP/1.1\r\nhost: x\r\n\r\n${second}`);
    const body =
      '9\r\ndata: 1\n\n\r\n' + 'e\r\ndata: é😀\n\n\r\n' + 'e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n';
    expect(received.split(body)).toHaveLength(3);
    expect(received.match(/transfer-encoding: chunked/gi)).toHaveLength(2);
  });

  it('frames nothing for a client of HTTP/1.0, and ends with the connection', async () => {
    const received = await bytesFor('GET / HTTP/1.0\r\n\r\n');
    expect(received.split('\r\n\r\n')[1]).toBe(`${PIECES.join('')}data: [DONE]\n\n`);
  });
});
