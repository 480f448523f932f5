import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import { MediaLoader } from '../contract/media.js';
import type { Target } from '../contract/target.js';
import { TranslationReport } from '../contract/translation.js';
import type { EmbeddingsRequestBody } from '../embeddings/embeddings-api.js';
import { GuardedMediaLoader } from '../upstream/guarded-media-loader.js';
import { Upstream } from '../upstream/upstream.js';
import { OLLAMA_VENDOR, TEXT } from './ollama-answers.contract.js';
import { OllamaProvider } from './ollama.provider.js';

class PictureLoader extends MediaLoader {
  override load() {
    return Promise.resolve({ mediaType: 'image/png', base64: 'iVBORw==' });
  }
}

describeProvider('ollama', {
  create: (upstream) => new OllamaProvider(upstream, new PictureLoader()),
  vendor: OLLAMA_VENDOR,
});

describe(OllamaProvider, () => {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let sut: OllamaProvider;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    const allowedHosts = new Set([new URL(fault.url).host]);
    const media = new GuardedMediaLoader({ maxBytes: 1000, timeoutMs: 5000, allowedHosts });
    sut = new OllamaProvider(upstream, media);
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  const targetOf = (settings: Record<string, unknown> = {}, more: Partial<Target> = {}) =>
    createTarget(createInstance(fault.url, { settings }), { model: 'llama3.2', ...more });
  const requestOf = (more: Partial<ChatCompletionRequest> = {}) => ({
    body: JsonDocument.fromValue<ChatCompletionRequest>({
      model: 'anything',
      messages: [{ role: 'user', content: 'Hello' }],
      ...more,
    }),
  });
  const sent = (index = 0) => JSON.parse(fault.requests[index]!.body) as Record<string, unknown>;

  it('says whether it wants a stream, because the vendor streams by itself', async () => {
    fault.next({ body: TEXT.unary }, TEXT.stream);
    await sut.chat(requestOf(), targetOf());
    await lastValueFrom(sut.streamChat(requestOf({ stream: true }), targetOf()));
    expect(fault.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/chat',
      'POST /api/chat',
    ]);
    expect([sent(0)['stream'], sent(1)['stream']]).toEqual([false, true]);
    expect(fault.requests[1]?.headers.accept).toBe('application/x-ndjson');
  });

  it('needs no key', async () => {
    fault.always({ body: TEXT.unary });
    const instance = createInstance(fault.url, { apiKeys: [] });
    await sut.chat(requestOf(), createTarget(instance));
    expect(fault.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('loads models as the instance says, unless the client says otherwise', async () => {
    fault.always({ body: TEXT.unary });
    const settings = { numCtx: 32_768, keepAlive: '30m' };
    await sut.chat(requestOf(), targetOf(settings));
    await sut.chat(requestOf({ options: { num_ctx: 4096 }, keep_alive: -1 }), targetOf(settings));
    expect(sent(0)).toMatchObject({ options: { num_ctx: 32_768 }, keep_alive: '30m' });
    expect(sent(1)).toMatchObject({ options: { num_ctx: 4096 }, keep_alive: -1 });
  });

  it('has no setting but these', () => {
    const parse = (settings: object) => sut.settings.safeParse(settings).success;
    expect([{}, { keepAlive: -1 }, { keepAlive: '1.5h' }, { numCtx: 1 }].map(parse)).not.toContain(
      false,
    );
    expect([{ keepAlive: 'long' }, { numCtx: 0 }, { num_ctx: 1 }].map(parse)).not.toContain(true);
  });

  describe('pictures', () => {
    const see = (url: string) =>
      requestOf({
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
      });

    it('are fetched where they are only pointed to', async () => {
      fault.when(({ path }) => path === '/a.png', {
        body: Buffer.from('pixels'),
        headers: { 'content-type': 'image/png' },
      });
      fault.always(TEXT.stream);
      await lastValueFrom(sut.streamChat(see(`${fault.url}/a.png`), targetOf()));
      expect(sent(1)['messages']).toEqual([
        { role: 'user', content: '', images: [Buffer.from('pixels').toString('base64')] },
      ]);
    });

    it.each([
      ['from the own network', 'https://192.168.0.1/a.png'],
      ['in words', 'data:image/png;base64,no picture!'],
    ])('are refused %s, by their place', async (_name, url) => {
      const error = { kind: 'rejected', status: 400, param: 'messages[0].content[0].image_url' };
      await expect(sut.chat(see(url), targetOf())).rejects.toMatchObject(error);
      await expect(lastValueFrom(sut.streamChat(see(url), targetOf()))).rejects.toMatchObject(
        error,
      );
      expect(fault.requests).toEqual([]);
    });

    it('are not fetched for a request that is refused', async () => {
      const translation = new TranslationReport(true);
      const request = see(`${fault.url}/a.png`);
      request.body.value['logit_bias'] = { 1: 1 };
      await expect(sut.chat(request, targetOf({}, { translation }))).rejects.toMatchObject({
        param: 'logit_bias',
      });
      expect(fault.requests).toEqual([]);
    });
  });

  describe('a model that was not pulled', () => {
    const missing = {
      kind: 'rejected',
      status: 404,
      vendorCode: 'model_not_found',
      param: 'model',
      message: "model 'nobody' not found",
    };

    it('is said to be missing', async () => {
      fault.always({ status: 404, body: { error: "model 'nobody' not found" } });
      await expect(sut.chat(requestOf(), targetOf())).rejects.toMatchObject(missing);
      const stream = sut.streamChat(requestOf(), targetOf()).pipe(toArray());
      await expect(lastValueFrom(stream)).rejects.toMatchObject(missing);
      await expect(embed({ input: 'a' })).rejects.toMatchObject(missing);
    });
  });

  const embed = (body: Partial<EmbeddingsRequestBody>, target = targetOf()) =>
    sut.embed({ body: JsonDocument.fromValue({ model: 'anything', input: '', ...body }) }, target);

  describe('embed', () => {
    const VECTORS = {
      model: 'nomic-embed-text',
      embeddings: [
        [0.5, -0.25],
        [1, 0],
      ],
      prompt_eval_count: 8,
    };

    it('answers with a vector for each input, in their order', async () => {
      fault.always({ body: VECTORS });
      const { body, usage } = await embed({ input: ['a', 'b'], dimensions: 2 });
      expect(fault.requests[0]?.path).toBe('/api/embed');
      expect(sent()).toEqual({ model: 'llama3.2', input: ['a', 'b'], dimensions: 2 });
      expect(body.value).toEqual({
        object: 'list',
        model: 'nomic-embed-text',
        data: [
          { object: 'embedding', index: 0, embedding: [0.5, -0.25] },
          { object: 'embedding', index: 1, embedding: [1, 0] },
        ],
        usage: { prompt_tokens: 8, total_tokens: 8 },
      });
      expect(usage).toMatchObject({ inputUncached: 8, raw: { prompt_eval_count: 8 } });
    });

    it('writes vectors in base64 for those who ask', async () => {
      fault.always({ body: { ...VECTORS, embeddings: [[0.5, -0.25]] } });
      const { body } = await embed({ input: 'a', encoding_format: 'base64' });
      const bytes = Buffer.from(body.value.data[0]!.embedding as string, 'base64');
      expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([0.5, -0.25]);
    });

    it("takes the vendor's own words, and the instance's, and notes what is lost", async () => {
      fault.always({ body: { ...VECTORS, embeddings: [[1]] } });
      const target = targetOf({ keepAlive: '1h', numCtx: 2048 });
      await embed({ input: 'a', truncate: false, keep_alive: 60, user: 'ada' }, target);
      expect(sent()).toEqual({
        model: 'llama3.2',
        input: ['a'],
        truncate: false,
        keep_alive: 60,
        options: { num_ctx: 2048 },
      });
      expect(target.translation.toString()).toBe('user=dropped');
    });

    it.each([[[1, 2]], [[[1], [2]]]])('refuses tokens: %j', async (input) => {
      await expect(embed({ input })).rejects.toMatchObject({ kind: 'rejected', param: 'input' });
      expect(fault.requests).toEqual([]);
    });

    it.each([
      ['too few vectors', { embeddings: [[1]] }, 'invalid_response'],
      ['none', { model: 'm' }, 'invalid_response'],
      ['no JSON', 'vectors', 'invalid_response'],
      ['an error', { error: 'out of memory' }, 'failed'],
    ])('refuses an answer with %s', async (_name, body, kind) => {
      fault.always({ body });
      await expect(embed({ input: ['a', 'b'] })).rejects.toMatchObject({ kind });
    });
  });

  describe('listModels', () => {
    it('tells what was pulled and what it can do', async () => {
      const models = [
        {
          name: 'qwen3-vl:8b',
          model: 'qwen3-vl:8b',
          modified_at: '2026-01-02T03:04:05.678-08:00',
          capabilities: ['completion', 'vision', 'tools', 'thinking'],
        },
        { name: 'nomic-embed-text:latest', capabilities: ['embedding'] },
        { name: 'llama2:latest', modified_at: 'yesterday', details: { family: 'llama' } },
        { name: '' },
        null,
      ];
      fault.always({ body: { models } });
      expect(await sut.listModels(targetOf())).toEqual([
        {
          id: 'qwen3-vl:8b',
          created: Date.UTC(2026, 0, 2, 11, 4, 5) / 1000,
          inputs: ['text', 'image'],
          outputs: ['text'],
          tools: true,
          reasoning: true,
          structuredOutput: true,
        },
        {
          id: 'nomic-embed-text:latest',
          inputs: ['text'],
          outputs: ['embedding'],
          tools: false,
          reasoning: false,
          structuredOutput: false,
        },
        { id: 'llama2:latest' },
      ]);
      expect(fault.requests[0]).toMatchObject({ method: 'GET', path: '/api/tags', body: '' });
    });

    it.each([
      ['no list', {}],
      ['no JSON', 'llama2'],
    ])('refuses %s', async (_name, body) => {
      fault.always({ body });
      await expect(sut.listModels(targetOf())).rejects.toMatchObject({ kind: 'invalid_response' });
    });
  });
});
