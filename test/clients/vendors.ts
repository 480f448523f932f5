import type { HttpVendor } from '../../src/providers/contract/describe-provider.contract.js';
import type { FaultScript } from '../support/fault-script.js';
import type { FaultUpstream, RecordedRequest } from '../support/fault-upstream.js';
import { nativeEvents, nativeResponse, nativeStream } from '../support/native-responses.js';
import {
  PLAYED_MODEL,
  PLAYED_VENDORS,
  playedConfiguration,
  playVendor,
} from '../support/played-vendors.js';
import { completion, stream, vendorUsage } from '../support/vendor-answers.js';

const SOUND = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
const STRUCTURED = '{"city":"Berlin","celsius":21}';
const USAGE = vendorUsage(20, 9);
const RETRY_AFTER = { 'retry-after': '7' };

/** The vendors that the packages are tried against, and what they charge. */
export function clientsConfiguration(upstream: FaultUpstream): string {
  const file = JSON.parse(playedConfiguration(upstream)) as { providers: object[] };
  const compatible = { name: 'compatible', type: 'openai-compatible' };
  const baseUrl = `${upstream.url}/openai/v1`;
  // They are to fail here and there, and to be asked all the same.
  const breaker = { enabled: false };
  const providers = [...file.providers, { ...compatible, baseUrl, retries: { maxAttempts: 1 } }];
  return JSON.stringify({
    ...file,
    providers: providers.map((provider) => ({ ...provider, breaker })),
    models: PLAYED_VENDORS.map(({ type }) => {
      return { name: `public-${type}`, targets: [{ model: `${type}/${PLAYED_MODEL}` }] };
    }),
  });
}

/** Has the upstream play OpenAI, Anthropic and Gemini, and fail for models named after it. */
export function playVendors(upstream: FaultUpstream): void {
  upstream.always(playVendor);
  playEndpoints(upstream);
  playFailures(upstream);
}

function playEndpoints(upstream: FaultUpstream): void {
  const at = (end: string, script: Parameters<FaultUpstream['when']>[1]) =>
    upstream.when(({ path }) => path.split('?')[0]!.endsWith(end), script);
  for (const { type, vendor } of PLAYED_VENDORS) {
    const { embeddings } = vendor;
    if (embeddings === undefined) continue;
    const isAsked = ({ path }: RecordedRequest) =>
      path.startsWith(`/${type}/`) && /embed/i.test(path.split('/').at(-1)!);
    upstream.when(isAsked, { body: embeddings.answer });
  }
  at('/openai/v1/images/generations', { body: { created: 1, data: [{ b64_json: 'aW1hZ2U=' }] } });
  at('/openai/v1/audio/speech', {
    headers: { 'content-type': 'audio/mpeg' },
    body: SOUND,
    cut: 65_536,
  });
  at('/openai/v1/audio/transcriptions', ({ body }) => {
    return { body: { text: `${body.split('sound').length - 1} sounds` } };
  });
  at('/openai/v1/moderations', {
    body: {
      id: 'modr-1',
      model: 'moderation',
      results: [{ flagged: false, categories: {}, category_scores: {} }],
    },
  });
  at('/messages/count_tokens', { body: { input_tokens: 4321 } });
  at('/openai/v1/responses', (request) => {
    const { text } = PLAYED_VENDORS[0]!.vendor.text.expected;
    return playResponse(request, request.model === 'structured' ? STRUCTURED : text);
  });
  at('/openai/v1/responses/input_tokens', {
    body: { object: 'response.input_tokens', input_tokens: 1234 },
  });
  at('/openai/v1/responses/compact', {
    body: {
      ...nativeResponse('resp_c', ''),
      object: 'response.compaction',
      output: [{ id: 'cmp_1', type: 'compaction', encrypted_content: 'sealed' }],
    },
  });
  upstream.when(
    ({ path, model }) => path.endsWith('/chat/completions') && model === 'structured',
    (request) =>
      isStreamed(request)
        ? stream([...STRUCTURED], USAGE)
        : { body: completion(STRUCTURED, USAGE) },
  );
}

function playResponse(request: RecordedRequest, text: string): FaultScript {
  const id = 'resp_native';
  return isStreamed(request)
    ? nativeStream(nativeEvents(id, text))
    : { body: nativeResponse(id, text) };
}

function playFailures(upstream: FaultUpstream): void {
  const vendorOf = ({ path }: RecordedRequest): HttpVendor =>
    PLAYED_VENDORS.find(({ type }) => path.startsWith(`/${type}/`))!.vendor;
  const forModel = (model: string, script: Parameters<FaultUpstream['when']>[1]) =>
    upstream.when((request) => modelOf(request) === model, script);
  const refusing =
    (status: number, message: string, headers = {}) =>
    (request: RecordedRequest) => {
      return { status, headers, body: vendorOf(request).error(status, message) };
    };
  forModel('refused', refusing(400, 'Too long for this model.'));
  forModel('limited', refusing(429, 'Slow down.', RETRY_AFTER));
  forModel('broken', refusing(500, 'The server had an error.'));
  forModel('silent', { beforeHeaders: 'stall' });
  forModel('cut', (request) => {
    const { events = [], named = false } = vendorOf(request).text.stream;
    return { events, named, cut: 'per-event', afterEvents: 3, ending: 'truncate' };
  });
  const failed = new Set<string>();
  forModel('flaky', (request) => {
    const [, vendor = ''] = request.path.split('/');
    if (failed.has(vendor)) return playVendor(request);
    failed.add(vendor);
    return refusing(500, 'The server had an error.')(request);
  });
}

/** Gemini has it in the path. */
function modelOf({ path, model }: RecordedRequest): string | undefined {
  return model ?? /\/models\/([^:/]+):/.exec(path)?.[1];
}

function isStreamed({ body }: RecordedRequest): boolean {
  return (JSON.parse(body) as { stream?: boolean }).stream === true;
}
