import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { sentRequest } from '../../../test/support/sent-request.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import {
  chunk,
  OPENAI_VENDOR,
  ROLE_CHUNK,
  TEXT,
} from '../openai-compatible/openai-answers.contract.js';
import { Upstream } from '../upstream/upstream.js';
import { AzureProvider } from './azure.provider.js';
import { azureSettings } from './azure-settings.js';

const create = (upstream: Upstream) => new AzureProvider(upstream);

const PROMPT_CHUNK = {
  choices: [],
  created: 0,
  id: '',
  model: '',
  object: '',
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
};

describeProvider('azure', {
  create,
  vendor: {
    ...OPENAI_VENDOR,
    text: {
      ...TEXT,
      stream: { ...TEXT.stream, events: [PROMPT_CHUNK, ...(TEXT.stream.events ?? [])] },
    },
    error: (status, message) => ({ error: { code: String(status), message } }),
  },
});

describe(AzureProvider, () => {
  const CLASSIC = { urlStyle: 'deployments', apiVersion: '2024-10-21' };

  it.each([
    ['https://r.example', {}, '/openai/v1/chat/completions'],
    ['https://r.example/openai', {}, '/v1/chat/completions'],
    ['https://r.example/openai/v1', {}, '/chat/completions'],
    [
      'https://r.example',
      { apiVersion: 'preview' },
      '/openai/v1/chat/completions?api-version=preview',
    ],
    [
      'https://r.example',
      CLASSIC,
      '/openai/deployments/my%20model/chat/completions?api-version=2024-10-21',
    ],
    [
      'https://r.example/openai',
      CLASSIC,
      '/deployments/my%20model/chat/completions?api-version=2024-10-21',
    ],
  ])('calls %s with %j at %s', async (baseUrl, settings, path) => {
    const sent = await sentRequest(create, {}, { baseUrl, settings, model: 'my model' });
    expect(sent.path).toBe(path);
  });

  it('wants a version for the classic style', () => {
    expect(azureSettings.safeParse({ urlStyle: 'deployments' }).success).toBe(false);
    expect(azureSettings.parse({})).toEqual({ urlStyle: 'v1', deployments: {} });
  });

  it('knows by its settings which model a deployment serves', async () => {
    const settings = { deployments: { thinker: 'o3' } };
    const { body, report } = await sentRequest(
      create,
      { max_tokens: 9 },
      { settings, model: 'thinker' },
    );
    expect(body).toMatchObject({ model: 'thinker', max_completion_tokens: 9 });
    expect(report).toBe('max_tokens=mapped');
  });

  describe('what it answers', () => {
    let fault: FaultUpstream;
    let upstream: Upstream;
    let sut: AzureProvider;
    const request = {
      body: JsonDocument.fromValue<ChatCompletionRequest>({ model: 'm', messages: [] }),
    };
    const target = () => createTarget(createInstance(fault.url));

    beforeEach(async () => {
      fault = await FaultUpstream.start();
      upstream = new Upstream();
      sut = create(upstream);
    });
    afterEach(async () => {
      await upstream.onApplicationShutdown();
      await fault.close();
    });

    it('tells what the first chunk says of the prompt with the one that has an id', async () => {
      const late = { ...chunk({}), id: '', model: '', created: 0, object: '' };
      fault.always({
        events: [PROMPT_CHUNK, ROLE_CHUNK, chunk({ content: 'Hi' }), chunk({}, 'stop'), late],
        done: true,
      });
      const chunks = await lastValueFrom(sut.streamChat(request, target()).pipe(toArray()));
      const bodies = chunks.flatMap((each) => (each.kind === 'delta' ? [each.body.value] : []));
      expect(bodies).toHaveLength(4);
      expect(new Set(bodies.map(({ id, model }) => `${id} ${model}`))).toEqual(
        new Set(['chatcmpl-1 model-2025-01-01']),
      );
      expect(bodies[0]).toMatchObject({
        prompt_filter_results: PROMPT_CHUNK.prompt_filter_results,
        choices: [{ delta: { role: 'assistant' } }],
      });
    });

    it('calls a filtered prompt the fault of the request', async () => {
      fault.always({
        status: 400,
        body: {
          error: {
            message: 'The prompt was filtered',
            param: 'prompt',
            code: 'content_filter',
            status: 400,
            innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: {} },
          },
        },
      });
      await expect(sut.chat(request, target())).rejects.toMatchObject({
        kind: 'rejected',
        vendorCode: 'content_filter',
        param: 'prompt',
      });
    });

    it('has no list of models, but embeddings', () => {
      expect('listModels' in sut).toBe(false);
      expect(typeof sut.embed).toBe('function');
    });
  });
});
