/**
 * An OpenAI-compatible upstream that costs next to nothing and remembers exactly what it served:
 * the oracle of the crash loop and the far end of every benchmark.
 *
 *   node bench/fake-upstream.ts [--port 0]
 *
 * `POST …/chat/completions` answers as `AnswerPlan` says, `GET /record` lists every call,
 * `DELETE /record` forgets them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { performance } from 'node:perf_hooks';
import { parsePlan, type AnswerPlan } from './answer-plan.ts';
import { announcePort } from './child-server.ts';
import { Pacer } from './pacer.ts';
import { tokensFor, type ServedTokens } from './tokens.ts';

/** One call that reached the upstream. */
export interface ServedCall {
  readonly id: string;
  readonly stream: boolean;
  readonly tokens: ServedTokens;
  /** The whole answer was handed to the socket. */
  complete: boolean;
  /** Chunks handed to the socket. */
  chunks: number;
}

interface ChatBody {
  readonly model?: unknown;
  readonly stream?: unknown;
  readonly stream_options?: { readonly include_usage?: unknown } | null;
  readonly user?: unknown;
}

const WORDS = [' the', ' gateway', ' counts', ' every', ' token', ' exactly', ' once', ','];
const CREATED = 1_770_933_892;

const pacer = new Pacer();
let record: ServedCall[] = [];

function usageOf(tokens: ServedTokens): string {
  return JSON.stringify({
    prompt_tokens: tokens.prompt,
    completion_tokens: tokens.completion,
    total_tokens: tokens.prompt + tokens.completion,
    prompt_tokens_details: { cached_tokens: tokens.cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: tokens.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  });
}

function completionOf(plan: AnswerPlan, model: string, tokens: ServedTokens): string {
  const content = 'A gateway that loses no row has nothing to explain.';
  return (
    `{"id":"chatcmpl-${plan.id}","object":"chat.completion","created":${CREATED},` +
    `"model":${JSON.stringify(model)},"choices":[{"index":0,"message":{"role":"assistant",` +
    `"content":"${content}","refusal":null,"annotations":[]},"logprobs":null,` +
    `"finish_reason":"stop"}],"usage":${usageOf(tokens)},"service_tier":"default",` +
    `"system_fingerprint":"fp_de604bd877"}`
  );
}

/** Every frame of the stream in order, `[DONE]` included. */
function framesOf(plan: AnswerPlan, model: string, tokens: ServedTokens, usage: boolean): Buffer[] {
  const head =
    `data: {"id":"chatcmpl-${plan.id}","object":"chat.completion.chunk","created":${CREATED},` +
    `"model":${JSON.stringify(model)},"service_tier":"default",` +
    `"system_fingerprint":"fp_de604bd877","choices":[`;
  const tail = usage
    ? '],"usage":null,"obfuscation":"yhjoJbEF"}\n\n'
    : '],"obfuscation":"yhjoJbEF"}\n\n';
  const frame = (delta: string, finishReason: string): Buffer =>
    Buffer.from(
      `${head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finishReason}}${tail}`,
    );
  const words = WORDS.map((word) => frame(`{"content":"${word}"}`, 'null'));
  const frames = [frame('{"role":"assistant","content":"","refusal":null}', 'null')];
  for (let index = 0; index < plan.chunks; index += 1) frames.push(words[index % words.length]!);
  frames.push(frame('{}', '"stop"'));
  if (usage) frames.push(Buffer.from(`${head}],"usage":${usageOf(tokens)}}\n\n`));
  frames.push(Buffer.from('data: [DONE]\n\n'));
  return frames;
}

function sendFrames(
  response: ServerResponse,
  frames: readonly Buffer[],
  call: ServedCall,
  intervalMs: number,
): void {
  const startedAt = performance.now();
  const sendNext = (): void => {
    while (!response.destroyed) {
      const frame = frames[call.chunks];
      if (frame === undefined) {
        response.end();
        return;
      }
      const flowing = response.write(frame);
      call.chunks += 1;
      // Whoever has read the last record may close before the body has ended.
      call.complete = call.chunks === frames.length;
      if (!flowing) {
        response.once('drain', sendNext);
        return;
      }
      if (intervalMs > 0) {
        pacer.at(startedAt + call.chunks * intervalMs, sendNext);
        return;
      }
    }
  };
  sendNext();
}

function answerChat(body: ChatBody, response: ServerResponse): void {
  const plan = parsePlan(body.user, `anonymous-${record.length}`);
  const model = typeof body.model === 'string' ? body.model : 'unnamed';
  const tokens = tokensFor(plan.id);
  const stream = body.stream === true;
  const call: ServedCall = { id: plan.id, stream, tokens, complete: false, chunks: 0 };
  record.push(call);
  if (!stream) {
    response.once('finish', () => {
      call.complete = true;
    });
  }
  const answer = (): void => {
    if (response.destroyed) return;
    if (!stream) {
      sendJson(response, completionOf(plan, model, tokens));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const usage = body.stream_options?.include_usage === true;
    sendFrames(response, framesOf(plan, model, tokens, usage), call, plan.intervalMs);
  };
  if (plan.delayMs > 0) pacer.at(performance.now() + plan.delayMs, answer);
  else answer();
}

function sendJson(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function readChat(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    let body: ChatBody;
    try {
      body = JSON.parse(Buffer.concat(parts).toString()) as ChatBody;
    } catch {
      sendJson(
        response,
        '{"error":{"message":"The body is not JSON.","type":"invalid_request_error","param":null,"code":"invalid_json"}}',
        400,
      );
      return;
    }
    answerChat(body, response);
  });
}

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  if (request.method === 'POST' && request.url?.endsWith('/chat/completions')) {
    readChat(request, response);
  } else if (request.url === '/record' && request.method === 'DELETE') {
    record = [];
    sendJson(response, '[]');
  } else if (request.url === '/record') {
    sendJson(response, JSON.stringify(record));
  } else if (request.url?.endsWith('/models')) {
    sendJson(response, '{"object":"list","data":[]}');
  } else {
    sendJson(
      response,
      '{"error":{"message":"No such route.","type":"invalid_request_error","param":null,"code":null}}',
      404,
    );
  }
});
announcePort(server, Number(values.port));
