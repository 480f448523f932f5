import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a call to the fault server meets; the name of the model says which. */
export type Fault = 'fail' | 'flaky' | 'fine' | 'held' | 'flood' | 'lame' | 'tail';

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_770_933_892,
  model: 'fine',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Yes.', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
});
const FLOOD_BYTES = 50_000_000;
const FLOOD_EVENT = eventOf('x'.repeat(4096));
/** In turns; none of them begins an answer. */
const FLAWS: readonly ((response: ServerResponse) => void)[] = [
  (response) => refuse(response),
  (response) => void response.socket?.resetAndDestroy(),
  (response) => void response.socket?.destroy(),
  (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sorry</p>'),
  (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(),
];

/** A vendor on loopback that fails as it is asked to, and counts what came. */
export class FaultServer {
  /** Calls so far, by model. */
  readonly calls: Record<Fault, number> = {
    fail: 0,
    flaky: 0,
    fine: 0,
    held: 0,
    flood: 0,
    lame: 0,
    tail: 0,
  };
  /** While it is, `lame` fails; afterwards it answers when this is resolved. */
  isLame = true;
  readonly healed = Promise.withResolvers<void>();
  /** Told with the moment at which a call was closed by its caller. */
  onAbort: (at: number) => void = () => undefined;
  /** The same chances in every run. */
  #seed = 20_240_229;
  /** Streams that have begun. */
  readonly #held = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Ends the streams that are held, whole. */
  releaseHeld(): void {
    for (const response of this.#held) end(response);
    this.#held.clear();
  }

  #hold(response: ServerResponse): void {
    this.#held.add(response);
    response.once('close', () => this.#held.delete(response));
    response.write(eventOf('Well'));
  }

  /** Milliseconds to the first chunk: mostly 20 to 40, of one in twenty by chance 1,000. */
  #tail(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed % 20 === 0 ? 1_000 : 20 + (this.#seed % 21);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { model } = JSON.parse(await text(request)) as { model: Fault };
    const before = this.calls[model];
    this.calls[model] += 1;
    response.on('close', () => {
      if (!response.writableFinished) this.onAbort(performance.now());
    });
    if (model === 'fine') complete(response);
    else if (model === 'flaky') FLAWS[before % FLAWS.length]!(response);
    else if (model === 'held') this.#hold(begin(response));
    else if (model === 'flood') flood(begin(response), 0);
    else if (model === 'tail') setTimeout(() => finish(begin(response)), this.#tail());
    else if (model === 'fail' || this.isLame) refuse(response);
    else void this.healed.promise.then(() => complete(response));
  }
}

/** A short stream. */
function finish(response: ServerResponse): void {
  response.write(eventOf('Well'));
  end(response);
}

function end(response: ServerResponse): void {
  response.write(
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

function eventOf(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices })}\n\n`;
}

function complete(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(COMPLETION);
}

function refuse(response: ServerResponse): void {
  response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"No"}}');
}

function begin(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** As fast as it is read. */
function flood(response: ServerResponse, sent: number): void {
  let total = sent;
  while (total < FLOOD_BYTES && !response.destroyed) {
    total += FLOOD_EVENT.length;
    if (!response.write(FLOOD_EVENT)) {
      response.once('drain', () => flood(response, total));
      return;
    }
  }
}
