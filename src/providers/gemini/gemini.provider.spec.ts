import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatRequest } from '../chat/chat.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import { foldStream } from '../contract/fold-answer.contract.js';
import { MediaLoader, type Media } from '../contract/media.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { TranslationReport } from '../contract/translation.js';
import type { EmbeddingsRequestBody } from '../embeddings/embeddings-api.js';
import { Upstream } from '../upstream/upstream.js';
import { GEMINI_VENDOR, TEXT } from './gemini-answers.contract.js';
import { GeminiProvider } from './gemini.provider.js';

class FakeMediaLoader extends MediaLoader {
  readonly loaded: string[] = [];

  async load(url: string, _target: Target, path: string): Promise<Media> {
    if (url.includes('forbidden')) {
      throw new ProviderError('rejected', 'No such file', { status: 400, param: path });
    }
    this.loaded.push(url);
    return { mediaType: 'image/webp', base64: Buffer.from(url).toString('base64') };
  }
}

describeProvider('gemini', {
  create: (upstream) => new GeminiProvider(upstream, new FakeMediaLoader()),
  vendor: GEMINI_VENDOR,
});

describe(GeminiProvider, () => {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let media: FakeMediaLoader;
  let sut: GeminiProvider;
  let target: Target;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    media = new FakeMediaLoader();
    sut = new GeminiProvider(upstream, media);
    const { authentication } = sut.defaults;
    target = createTarget(createInstance(fault.url, { authentication }), {
      model: 'gemini-3-flash-preview',
    });
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  const request = (body: Partial<ChatCompletionRequest> = {}): ChatRequest => ({
    body: JsonDocument.fromValue({
      model: 'any',
      messages: [{ role: 'user', content: 'Hello' }],
      ...body,
    }),
  });
  const withImages = (...urls: string[]) =>
    request({
      messages: [
        {
          role: 'user',
          content: urls.map((url) => ({ type: 'image_url', image_url: { url } })),
        },
      ],
    });

  it.each([
    ['gemini-2.5-pro', '/models/gemini-2.5-pro'],
    ['models/gemini-2.5-pro', '/models/gemini-2.5-pro'],
    ['tunedModels/mine', '/tunedModels/mine'],
    ['a/../b:countTokens?x', '/models/a%2F..%2Fb%3AcountTokens%3Fx'],
  ])('calls %s by its path', async (model, path) => {
    fault.always({ body: TEXT.unary });
    await sut.chat(request(), { ...target, model });
    expect(fault.requests[0]).toMatchObject({ method: 'POST', path: `${path}:generateContent` });
  });

  it('asks for records, not for an array', async () => {
    fault.always(TEXT.stream);
    await foldStream(sut.streamChat(request(), target));
    expect(fault.requests[0]?.path).toBe(
      '/models/gemini-3-flash-preview:streamGenerateContent?alt=sse',
    );
  });

  it.each(['chat', 'streamChat'] as const)('%s sends what messages point to', async (method) => {
    fault.always(method === 'chat' ? { body: TEXT.unary } : TEXT.stream);
    const images = withImages('https://images.example/a', 'https://images.example/b');
    if (method === 'chat') await sut.chat(images, target);
    else await lastValueFrom(sut.streamChat(images, target));
    const body = JSON.parse(fault.requests[0]!.body) as { contents: Array<{ parts: unknown[] }> };
    expect(body.contents[0]?.parts).toEqual(
      ['a', 'b'].map((name) => ({
        inlineData: {
          mimeType: 'image/webp',
          data: Buffer.from(`https://images.example/${name}`).toString('base64'),
        },
      })),
    );
  });

  it('sends nothing when a file cannot be had', async () => {
    const rejection = { kind: 'rejected', param: 'messages[0].content[0].image_url' };
    const images = withImages('https://images.example/forbidden');
    await expect(sut.chat(images, target)).rejects.toMatchObject(rejection);
    await expect(lastValueFrom(sut.streamChat(images, target))).rejects.toMatchObject(rejection);
    expect(fault.requests).toEqual([]);
  });

  it('fetches nothing for a request that is refused anyway', async () => {
    const strict = { ...target, translation: new TranslationReport(true) };
    const { messages } = withImages('https://images.example/a').body.value;
    const failure = sut.chat(request({ messages, user: 'ada' }), strict);
    await expect(failure).rejects.toMatchObject({ param: 'user' });
    expect(media.loaded).toEqual([]);
  });

  it('waits as long as the vendor says, whatever it calls a quota', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }];
    const error = {
      code: 429,
      message: 'You exceeded your current quota, please check your plan.',
      status: 'RESOURCE_EXHAUSTED',
      details,
    };
    fault.always({ status: 429, body: [{ error }] });
    await expect(sut.chat(request(), target)).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 34_400,
    });
  });

  it('takes a bad key for what it is, though the vendor calls it an argument', async () => {
    const message = 'API key not valid. Please pass a valid API key.';
    fault.always({
      status: 400,
      body: { error: { code: 400, message, status: 'INVALID_ARGUMENT' } },
    });
    await expect(sut.chat(request(), target)).rejects.toMatchObject({ kind: 'auth' });
  });

  describe('embed', () => {
    const embed = (body: Partial<EmbeddingsRequestBody>) =>
      sut.embed(
        { body: JsonDocument.fromValue({ model: 'any', input: '', ...body }) },
        { ...target, model: 'gemini-embedding-001' },
      );

    it('embeds one text', async () => {
      fault.always({ body: { embedding: { values: [0.5, -1] } } });
      const { body, usage } = await embed({ input: 'Hello', dimensions: 2 });
      expect(fault.requests[0]?.path).toBe('/models/gemini-embedding-001:embedContent');
      expect(JSON.parse(fault.requests[0]!.body)).toEqual({
        model: 'models/gemini-embedding-001',
        content: { parts: [{ text: 'Hello' }] },
        outputDimensionality: 2,
      });
      expect(body.value).toMatchObject({
        object: 'list',
        model: 'gemini-embedding-001',
        data: [{ object: 'embedding', index: 0, embedding: [0.5, -1] }],
      });
      expect(usage).toBeUndefined();
    });

    it('embeds many in slices of a hundred and keeps their order', async () => {
      fault.always(({ body }) => {
        const { requests } = JSON.parse(body) as {
          requests: Array<{ content: { parts: [{ text: string }] } }>;
        };
        const embeddings = requests.map(({ content }) => ({
          values: [Number(content.parts[0].text)],
        }));
        return { body: { embeddings, usageMetadata: { promptTokenCount: requests.length } } };
      });
      const input = Array.from({ length: 250 }, (_, index) => String(index));
      const { body, usage } = await embed({ input, encoding_format: 'base64' });
      const numbers = body.value.data.map(({ embedding }) =>
        Buffer.from(embedding as string, 'base64').readFloatLE(0),
      );
      expect(fault.requests).toHaveLength(3);
      expect(numbers).toEqual(input.map(Number));
      expect(usage).toMatchObject({ inputUncached: 250, estimated: false });
      expect(body.value.usage).toEqual({ prompt_tokens: 250, total_tokens: 250 });
    });

    it.each([[[1, 2]], [[[1], [2]]], [[]]])('refuses %j', async (input) => {
      await expect(embed({ input })).rejects.toMatchObject({
        kind: 'rejected',
        param: 'input',
      });
    });

    it.each([{ embeddings: [{ values: [1] }] }, { embeddings: [] }, {}, { embedding: [] }])(
      'refuses an answer that is short of vectors: %j',
      async (body) => {
        fault.always({ body });
        await expect(embed({ input: ['a', 'b'] })).rejects.toMatchObject({
          kind: 'invalid_response',
        });
      },
    );
  });

  describe('listModels', () => {
    it('reads all pages and leaves out what neither chats nor embeds', async () => {
      fault.next(
        {
          body: {
            models: [
              {
                name: 'models/gemini-2.5-flash',
                displayName: 'Gemini 2.5 Flash',
                inputTokenLimit: 1_048_576,
                outputTokenLimit: 65_536,
                supportedGenerationMethods: ['generateContent', 'countTokens'],
                thinking: true,
              },
              { name: 'models/imagen-4', supportedGenerationMethods: ['predict'] },
            ],
            nextPageToken: 'a&b',
          },
        },
        {
          body: {
            models: [
              {
                name: 'models/gemini-embedding-001',
                inputTokenLimit: 2048,
                outputTokenLimit: 1,
                supportedGenerationMethods: ['embedContent'],
              },
            ],
          },
        },
      );
      expect(await sut.listModels(target)).toEqual([
        {
          id: 'gemini-2.5-flash',
          ownedBy: 'google',
          displayName: 'Gemini 2.5 Flash',
          contextTokens: 1_048_576,
          maxOutputTokens: 65_536,
          inputs: ['text', 'image', 'audio', 'video', 'file'],
          outputs: ['text'],
          tools: true,
          reasoning: true,
          structuredOutput: true,
        },
        {
          id: 'gemini-embedding-001',
          ownedBy: 'google',
          contextTokens: 2048,
          inputs: ['text'],
          outputs: ['embedding'],
        },
      ]);
      expect(fault.requests.map(({ path }) => path)).toEqual([
        '/models?pageSize=1000',
        '/models?pageSize=1000&pageToken=a%26b',
      ]);
    });

    it('does not go round in circles', async () => {
      fault.always({ body: { models: [], nextPageToken: 'again' } });
      expect(await sut.listModels(target)).toEqual([]);
      expect(fault.requests).toHaveLength(2);
    });

    it('refuses what is no list', async () => {
      fault.always({ body: { object: 'list' } });
      await expect(sut.listModels(target)).rejects.toMatchObject({ kind: 'invalid_response' });
    });
  });
});
