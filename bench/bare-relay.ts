/**
 * The floor that the gateway is measured against: node:http in, undici out, and nothing else.
 *
 *   node bench/bare-relay.ts --upstream http://127.0.0.1:4000 [--mode json|pipe] [--port 0]
 *
 * `json` does the least a gateway must do to one answer: parse the request, set the model, write it
 * again, and the same for the answer. `pipe` hands the upstream's bytes on as they come.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { announcePort } from './child-server.ts';

const { values } = parseArgs({
  options: {
    upstream: { type: 'string' },
    mode: { type: 'string', default: 'json' },
    port: { type: 'string', default: '0' },
  },
});
if (values.upstream === undefined || !['json', 'pipe'].includes(values.mode)) {
  throw new Error('Usage: bare-relay.ts --upstream <url> [--mode json|pipe] [--port <port>]');
}

const pool = new Pool(values.upstream, { connections: 1024, headersTimeout: 0, bodyTimeout: 0 });
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-upstream' };

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

async function relayJson(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse((await readBody(request)).toString()) as Record<string, unknown>;
  body['model'] = 'gpt-4o-mini';
  const answer = await pool.request({
    path: '/v1/chat/completions',
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const text = JSON.stringify(await answer.body.json());
  response.writeHead(answer.statusCode, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function relayPipe(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  // `stream` pauses the upstream when the client is slow and aborts it when the client leaves.
  await pool.stream(
    { path: '/v1/chat/completions', method: 'POST', headers, body },
    ({ statusCode, headers: answered }) =>
      response.writeHead(statusCode, { 'content-type': String(answered['content-type']) }),
  );
}

const relay = values.mode === 'json' ? relayJson : relayPipe;
const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  relay(request, response).catch(() => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
});
announcePort(server, Number(values.port));
