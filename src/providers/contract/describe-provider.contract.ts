import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatChunk, ChatRequest } from '../chat/chat.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { CHAT_FIELD_SAMPLES } from '../chat/chat-field-samples.contract.js';
import { CHAT_FIELDS, type ChatField } from '../chat/chat-fields.js';
import { Upstream } from '../upstream/upstream.js';
import {
  describeAbilities,
  describeInProcessAbilities,
  type AbilityVendor,
} from './describe-abilities.contract.js';
import { expectError, failureOf, KEY } from './expect-error.contract.js';
import { foldChunks, foldResponse, foldStream, type FoldedAnswer } from './fold-answer.contract.js';
import { ProviderError, type ProviderErrorKind } from './provider-error.js';
import type { Provider } from './provider.js';
import type { ProviderInstance, UpstreamTimeouts } from './provider-instance.js';
import type { Target } from './target.js';
import { totalInput, totalOutput } from './token-usage.js';
import { TranslationReport, type TranslationOutcome } from './translation.js';

/** What a client must understand of an answer. */
export interface ExpectedAnswer extends Omit<FoldedAnswer, 'usage' | 'reasoning'> {
  /** Total tokens. */
  readonly input: number;
  readonly output: number;
}

/** One answer in the vendor's own words: whole, and as a stream that has at least five records. */
export interface VendorAnswer {
  readonly unary: object;
  readonly stream: FaultScript;
  readonly expected: ExpectedAnswer;
  readonly streamExpected?: ExpectedAnswer;
}

/** A vendor that is called over HTTP; the fault upstream plays its part. */
export interface HttpVendor extends AbilityVendor {
  readonly kind: 'http';
  readonly text: VendorAnswer;
  readonly tools: VendorAnswer;
  /** A model that takes as much as any of the vendor's; what a field's sample is sent to. */
  readonly model?: string;
  /** A record that reports a failure in the middle of a stream. */
  readonly streamError: object;
}

/** A vendor within the process, told what to do by the name of a model. */
export interface InProcessVendor {
  readonly kind: 'in-process';
  readonly text: { readonly model: string; readonly expected: ExpectedAnswer };
  readonly tools: { readonly model: string; readonly expected: ExpectedAnswer };
  /** Models that fail before the first chunk. */
  readonly failing: ReadonlyArray<readonly [string, ProviderErrorKind]>;
  /** A model that fails after some chunks. */
  readonly breaking: readonly [string, ProviderErrorKind];
  /** A model that takes longer than any test. */
  readonly stalling: string;
  /** A model that makes vectors. */
  readonly embedding?: string;
}

export interface ProviderContract {
  create(upstream: Upstream): Provider;
  readonly vendor: HttpVendor | InProcessVendor;
}

const CUTS = ['whole', 'per-event', 'with-comments', 1, [7, 1, 64]] as const;

const CONTRACT_TOOLS = [
  {
    type: 'function',
    function: {
      name: 'weather',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string', enum: ['Berlin'] } },
        required: ['city'],
      },
    },
  },
];

/** What every provider must keep. Call it in the spec of the type; it says when the type is done. */
export function describeProvider(type: string, contract: ProviderContract): void {
  const { vendor } = contract;
  describe(`the provider contract: ${type}`, () => {
    describeDeclaration(type, contract);
    if (vendor.kind === 'http') describeHttpProvider(contract, vendor);
    else describeInProcessProvider(contract, vendor);
  });
}

function describeDeclaration(type: string, contract: ProviderContract): void {
  const provider = contract.create(new Upstream());

  it('declares its type, dialects and defaults', () => {
    expect(provider.type).toBe(type);
    const dialects = ['chat', 'messages', 'responses', 'completions'];
    expect(dialects).toEqual(expect.arrayContaining([...provider.dialects]));
    expect(provider.defaults.authentication.header).toMatch(/^[a-z-]+$/);
  });

  it('speaks the dialects that it declares', () => {
    const spoken = ['chat', ...Object.keys(provider.native ?? {})];
    expect(spoken).toEqual(expect.arrayContaining([...provider.dialects]));
    expect(['chat', ...provider.dialects]).toEqual(expect.arrayContaining(spoken));
  });

  it('declares abilities as methods and lacks the others', () => {
    const abilities = ['chat', 'streamChat', 'embed', 'listModels'] as const;
    for (const name of abilities.filter((ability) => ability in provider)) {
      expect(typeof provider[name]).toBe('function');
    }
  });
}

function describeHttpProvider(contract: ProviderContract, vendor: HttpVendor): void {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let provider: Provider;
  let instance: ProviderInstance;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    provider = contract.create(upstream);
    instance = createInstance(fault.url, {
      type: provider.type,
      apiKeys: [KEY],
      authentication: provider.defaults.authentication,
    });
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  const stream = (target: Partial<Target> = {}) =>
    provider.streamChat(chatRequest('model', { stream: true }), createTarget(instance, target));
  const chat = (target: Partial<Target> = {}) =>
    provider.chat(chatRequest('model'), createTarget(instance, target));
  const withTimeouts = (timeouts: Partial<UpstreamTimeouts>) => ({
    instance: { ...instance, timeouts: { ...instance.timeouts, ...timeouts } },
  });

  describe('what becomes of each field', () => {
    const declaredFor = (field: ChatField): readonly TranslationOutcome[] => {
      const declared = provider.translation[field];
      return typeof declared === 'string' ? [declared] : declared.outcomes;
    };

    it('is declared', () => {
      expect(Object.keys(provider.translation).toSorted()).toEqual([...CHAT_FIELDS].toSorted());
    });

    it.each(CHAT_FIELDS)('%s', async (field) => {
      fault.always({ body: vendor.text.unary });
      const translation = new TranslationReport();
      const request = chatRequest(vendor.model ?? 'model', {
        tools: undefined,
        ...CHAT_FIELD_SAMPLES[field],
      });
      const model = vendor.model ?? 'model';
      const error = await provider
        .chat(request, createTarget(instance, { model, translation }))
        .then(
          () => undefined,
          (failure: unknown) => failure,
        );
      if (error instanceof ProviderError && error.kind === 'rejected') {
        // What a vendor lacks and nobody could do without is refused, by name.
        expect(error.status).toBe(400);
        expect(error.param).toBeTruthy();
        expect(declaredFor(field)).toContain('dropped');
        expect(fault.requests).toEqual([]);
        return;
      }
      expect(error).toBeUndefined();
      expect(declaredFor(field)).toContain(translation.outcomeOf(field));
    });

    it('is refused by a strict translation when it would be lost', async () => {
      fault.always({ body: vendor.text.unary });
      const lossy: readonly TranslationOutcome[] = ['approximated', 'dropped'];
      for (const field of CHAT_FIELDS) {
        if (!declaredFor(field).every((outcome) => lossy.includes(outcome))) continue;
        const model = vendor.model ?? 'model';
        const request = chatRequest(model, { tools: undefined, ...CHAT_FIELD_SAMPLES[field] });
        const translation = new TranslationReport(true);
        const error = await failureOf(
          provider.chat(request, createTarget(instance, { model, translation })),
        );
        expectError(error, 'rejected');
        expect((error as ProviderError).param).toBeTruthy();
      }
      expect(fault.requests).toEqual([]);
    });
  });

  describe.each(['text', 'tools'] as const)('%s', (name) => {
    const answer = vendor[name];

    it('answers whole', async () => {
      fault.always({ body: answer.unary });
      expectAnswer(foldResponse(await chat()), answer.expected);
      expect(fault.requests).toHaveLength(1);
    });

    it.each(CUTS)('streams the same for bytes cut as %j', async (cut) => {
      fault.always({ ...answer.stream, cut });
      expectAnswer(await foldStream(stream()), answer.streamExpected ?? answer.expected);
    });

    it('emits the usage once, as the last value', async () => {
      fault.always(answer.stream);
      expectUsageLast(await lastValueFrom(stream().pipe(toArray())));
    });

    it('refuses a stream that ends too early', async () => {
      fault.always({ ...answer.stream, done: false, afterEvents: 2, ending: 'end' });
      const { chunks, error } = await outcomeOf(stream());
      expect(chunks.filter(({ kind }) => kind === 'delta').length).toBeGreaterThan(0);
      expectError(error, 'invalid_response');
    });
  });

  describeAbilities(contract.create(new Upstream()), vendor, () => ({ fault, provider, instance }));

  it('sends nothing before the subscription, and one call for each', async () => {
    fault.always(vendor.text.stream);
    const chunks = stream();
    expect(fault.requests).toHaveLength(0);
    await lastValueFrom(chunks);
    await lastValueFrom(chunks);
    expect(fault.requests).toHaveLength(2);
  });

  it('sends the key in its header only', async () => {
    fault.always(vendor.text.stream);
    await lastValueFrom(stream());
    const { headers, path, body } = fault.requests[0]!;
    const { header, prefix } = provider.defaults.authentication;
    expect(headers[header]).toBe(`${prefix}${KEY}`);
    expect(path + body).not.toContain(KEY);
  });

  it('closes the upstream call when nobody listens any more', async () => {
    fault.always({ ...vendor.text.stream, cut: 'per-event', afterEvents: 2, ending: 'stall' });
    const subscription = stream().subscribe({ next: () => subscription.unsubscribe() });
    await fault.waitForAbort(0);
    expect(subscription.closed).toBe(true);
  });

  it.each([0, 2])('stops with `aborted` after %i records', async (afterEvents) => {
    fault.always({ ...vendor.text.stream, cut: 'per-event', afterEvents, ending: 'stall' });
    const abort = new AbortController();
    const outcome = outcomeOf(stream({ signal: abort.signal }));
    await fault.waitForRequest(0);
    abort.abort();
    expectError((await outcome).error, 'aborted');
    await fault.waitForAbort(0);
  });

  it('stops a whole answer with `aborted`', async () => {
    fault.always({ beforeHeaders: 'stall' });
    const abort = new AbortController();
    const failure = failureOf(chat({ signal: abort.signal }));
    await fault.waitForRequest(0);
    abort.abort();
    expectError(await failure, 'aborted');
  });

  const statuses = [
    [400, 'rejected'],
    [401, 'auth'],
    [404, 'rejected'],
    [429, 'rate_limited'],
    [500, 'failed'],
    [503, 'failed'],
  ] as const;

  describe.each(statuses)('status %i', (status, kind) => {
    it.each(['chat', 'streamChat'] as const)(
      `is ${kind} in %s and hides the key`,
      async (method) => {
        fault.always({
          status,
          headers: { 'retry-after': '7' },
          body: vendor.error(status, `No luck with ${KEY}`),
        });
        const error = await failureOf(method === 'chat' ? chat() : lastValueFrom(stream()));
        expectError(error, kind);
        expect(error).toMatchObject({ status });
        if (status === 429) expect(error).toMatchObject({ retryAfterMs: 7000 });
      },
    );
  });

  const unreadable: Array<[string, FaultScript, ProviderErrorKind[]]> = [
    ['HTML', { body: '<html><body>Sign in</body></html>' }, ['invalid_response']],
    ['an empty body', { body: '' }, ['invalid_response', 'failed']],
    ['an empty object', { body: '{}' }, ['invalid_response']],
    ['half a document', { body: '{"choices":[{' }, ['invalid_response']],
    ['an error under a 200', { body: vendor.error(500, 'Broken') }, ['failed', 'invalid_response']],
    ['a reset', { beforeHeaders: 'reset' }, ['failed']],
    ['a closed connection', { beforeHeaders: 'close' }, ['failed']],
    ['broken gzip', { body: vendor.text.unary, gzip: 'broken' }, ['invalid_response', 'failed']],
  ];

  describe.each(unreadable)('%s', (_name, script, kinds) => {
    it('fails a whole answer', async () => {
      fault.always(script);
      expectError(await failureOf(chat()), ...kinds);
    });

    it('fails a stream before its first chunk', async () => {
      fault.always(script);
      const { chunks, error } = await outcomeOf(stream());
      expect(chunks).toEqual([]);
      expectError(error, ...kinds);
    });
  });

  it('times out when nothing comes', async () => {
    fault.always({ beforeHeaders: 'stall' });
    const impatient = withTimeouts({ firstByteMs: 50 });
    expectError(await failureOf(chat(impatient)), 'timeout');
    expectError((await outcomeOf(stream(impatient))).error, 'timeout');
  });

  it.each(['reset', 'truncate'] as const)('fails a stream in its middle: %s', async (ending) => {
    fault.always({ ...vendor.text.stream, cut: 'per-event', afterEvents: 2, ending });
    const { chunks, error } = await outcomeOf(stream());
    expect(chunks.length).toBeGreaterThan(0);
    expectError(error, 'failed');
  });

  it('times out in the middle of a stream', async () => {
    fault.always({ ...vendor.text.stream, cut: 'per-event', afterEvents: 2, ending: 'stall' });
    const { chunks, error } = await outcomeOf(stream(withTimeouts({ idleMs: 50 })));
    expect(chunks.length).toBeGreaterThan(0);
    expectError(error, 'timeout');
  });

  it('fails a stream that reports a failure in its middle', async () => {
    const events = [...(vendor.text.stream.events ?? []).slice(0, 2), vendor.streamError];
    fault.always({ ...vendor.text.stream, events });
    const { chunks, error } = await outcomeOf(stream());
    expect(chunks.length).toBeGreaterThan(0);
    expectError(error);
  });

  it('fails a stream whose first record reports a failure, before any chunk', async () => {
    fault.always({ ...vendor.text.stream, events: [vendor.streamError] });
    const { chunks, error } = await outcomeOf(stream());
    expect(chunks).toEqual([]);
    expectError(error);
  });

  it('emits nothing after the end', async () => {
    const events = vendor.text.stream.events ?? [];
    const late = vendor.text.stream.done ? ['[DONE]', ...events] : [];
    fault.always({ ...vendor.text.stream, events: [...events, ...late] });
    const chunks = await lastValueFrom(stream().pipe(toArray()));
    const expected = vendor.text.streamExpected ?? vendor.text.expected;
    expectAnswer(foldChunks(chunks), expected);
    expectUsageLast(chunks);
  });

  it('gives the connection back when a stream is over', async () => {
    fault.always(vendor.text.stream);
    for (let round = 0; round < 3; round += 1) await lastValueFrom(stream());
    await upstream.close(instance);
    expect(fault.requests).toHaveLength(3);
    expect(fault.requests.some(({ aborted }) => aborted)).toBe(false);
  });
}

function describeInProcessProvider(contract: ProviderContract, vendor: InProcessVendor): void {
  const provider = contract.create(new Upstream());
  const instance = createInstance(provider.defaults.baseUrl ?? '', { apiKeys: [KEY] });
  const chat = (model: string, target: Partial<Target> = {}) =>
    provider.chat(chatRequest(model), createTarget(instance, { model, ...target }));
  const stream = (model: string, target: Partial<Target> = {}) =>
    provider.streamChat(
      chatRequest(model, { stream: true }),
      createTarget(instance, { model, ...target }),
    );

  describe.each(['text', 'tools'] as const)('%s', (name) => {
    const { model, expected } = vendor[name];

    it('answers whole', async () => {
      expectAnswer(foldResponse(await chat(model)), expected);
    });

    it('streams the same, again and again', async () => {
      expectAnswer(await foldStream(stream(model)), expected);
      expectAnswer(await foldStream(stream(model)), expected);
    });

    it('emits the usage once, as the last value', async () => {
      expectUsageLast(await lastValueFrom(stream(model).pipe(toArray())));
    });
  });

  it.each(vendor.failing)('fails before the first chunk: %s is %s', async (model, kind) => {
    const impatient = { ...instance, timeouts: { ...instance.timeouts, firstByteMs: 20 } };
    expectError(await failureOf(chat(model, { instance: impatient })), kind);
    const { chunks, error } = await outcomeOf(stream(model, { instance: impatient }));
    expect(chunks).toEqual([]);
    expectError(error, kind);
  });

  it('fails after some chunks', async () => {
    const [model, kind] = vendor.breaking;
    const { chunks, error } = await outcomeOf(stream(model));
    expect(chunks.length).toBeGreaterThan(0);
    expectError(error, kind);
  });

  describeInProcessAbilities(provider, vendor.embedding, instance);

  it('stops with `aborted`', async () => {
    const abort = new AbortController();
    const whole = failureOf(chat(vendor.stalling, { signal: abort.signal }));
    const streamed = outcomeOf(stream(vendor.stalling, { signal: abort.signal }));
    abort.abort();
    expectError(await whole, 'aborted');
    expectError((await streamed).error, 'aborted');
  });
}

function chatRequest(model: string, more: Partial<ChatCompletionRequest> = {}): ChatRequest {
  return {
    body: JsonDocument.fromValue<ChatCompletionRequest>({
      model,
      messages: [{ role: 'user', content: 'Say hello' }],
      tools: CONTRACT_TOOLS,
      stream_options: more.stream ? { include_usage: true } : undefined,
      ...more,
    }),
  };
}

function expectAnswer(answer: FoldedAnswer, expected: ExpectedAnswer): void {
  const { text, toolCalls, finishReason, usage } = answer;
  expect({
    text,
    toolCalls,
    finishReason,
    input: usage && totalInput(usage),
    output: usage && totalOutput(usage),
  }).toEqual(expected);
}

function expectUsageLast(chunks: readonly ChatChunk[]): void {
  expect(chunks.filter(({ kind }) => kind === 'usage')).toHaveLength(1);
  expect(chunks.at(-1)?.kind).toBe('usage');
}

function outcomeOf(
  stream: Observable<ChatChunk>,
): Promise<{ chunks: ChatChunk[]; error: unknown }> {
  const chunks: ChatChunk[] = [];
  return new Promise((resolve) => {
    stream.subscribe({
      next: (chunk) => chunks.push(chunk),
      error: (error: unknown) => resolve({ chunks, error }),
      complete: () => resolve({ chunks, error: undefined }),
    });
  });
}
