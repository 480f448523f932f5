import { describe, expect, it } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import type { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { EmbeddingsRequestBody } from '../embeddings/embeddings-api.js';
import { expectError, failureOf, KEY } from './expect-error.contract.js';
import type { ProviderErrorKind } from './provider-error.js';
import type { Provider } from './provider.js';
import type { ProviderInstance } from './provider-instance.js';
import { totalInput } from './token-usage.js';

/** Of two inputs, in their order; exact as 32-bit floats. */
export const VECTORS = [
  [0.5, -0.25, 1],
  [0.125, 2, -4],
] as const;

/** What a vendor answers to two inputs: floats, whatever encoding was asked for. */
export interface VendorEmbeddings {
  readonly answer: object;
  /** Total tokens; absent where the vendor counts none. */
  readonly input?: number;
}

/** What a vendor answers when it is asked for its models, all on one page. */
export interface VendorModels {
  readonly answer: object;
  readonly ids: readonly string[];
}

/** What the two suites need of a vendor that is called over HTTP. */
export interface AbilityVendor {
  readonly embeddings?: VendorEmbeddings;
  readonly models?: VendorModels;
  /** The body of an error answer with this message. */
  readonly error: (status: number, message: string) => object;
}

interface Setup {
  readonly fault: FaultUpstream;
  readonly provider: Provider;
  readonly instance: ProviderInstance;
}

/** Nobody asks for as many by chance. */
const DIMENSIONS = 257;

/** The optional methods that a provider has. `setup` gives what the running test made. */
export function describeAbilities(has: Provider, vendor: AbilityVendor, setup: () => Setup): void {
  if (has.embed) describeEmbed(vendor, setup);
  if (has.listModels) describeListModels(vendor, setup);
}

function describeEmbed({ embeddings, error }: AbilityVendor, setup: () => Setup): void {
  const embed = (more: Partial<EmbeddingsRequestBody> = {}) => {
    const { provider, instance } = setup();
    const model = 'model';
    const body = JsonDocument.fromValue({ model, input: ['one', 'two'], ...more });
    return provider.embed!({ body }, createTarget(instance, { model }));
  };

  describe('embed', () => {
    it('has an answer to be tested with', () => {
      expect(embeddings, 'the vendor’s `embeddings`').toBeDefined();
    });
    if (!embeddings) return;

    it('gives a vector for each input, in their order', async () => {
      setup().fault.always({ body: embeddings.answer });
      const { object, data } = (await embed()).body.value;
      expect(object).toBe('list');
      expect(data).toMatchObject(
        VECTORS.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      );
    });

    it('gives base64 to those who ask for it', async () => {
      setup().fault.always({ body: embeddings.answer });
      const { data } = (await embed({ encoding_format: 'base64' })).body.value;
      expect(data.map(({ embedding }) => decode(embedding as string))).toEqual(VECTORS);
    });

    it('asks for as many dimensions as the client', async () => {
      const { fault } = setup();
      fault.always({ body: embeddings.answer });
      await embed({ dimensions: DIMENSIONS });
      expect(fault.requests[0]!.body).toMatch(new RegExp(`\\b${DIMENSIONS}\\b`));
    });

    it('counts what the vendor counted', async () => {
      setup().fault.always({ body: embeddings.answer });
      const { usage } = await embed();
      expect(usage && totalInput(usage)).toBe(embeddings.input);
      expect(usage?.estimated ?? false).toBe(false);
    });

    describeFailures(setup, embed, error);
  });
}

function describeListModels({ models, error }: AbilityVendor, setup: () => Setup): void {
  const listModels = () => {
    const { provider, instance } = setup();
    return provider.listModels!(createTarget(instance));
  };

  describe('listModels', () => {
    it('has an answer to be tested with', () => {
      expect(models, 'the vendor’s `models`').toBeDefined();
    });
    if (!models) return;

    it('tells the ids that requests may name', async () => {
      const { fault } = setup();
      fault.always({ body: models.answer });
      expect((await listModels()).map(({ id }) => id)).toEqual(models.ids);
      expect(fault.requests.map(({ method }) => method)).toEqual(['GET']);
    });

    describeFailures(setup, listModels, error);
  });
}

function describeFailures(
  setup: () => Setup,
  call: () => Promise<unknown>,
  error: AbilityVendor['error'],
): void {
  const refused = (status: number) => ({ status, body: error(status, `No luck with ${KEY}`) });

  it.each<[string, FaultScript, ProviderErrorKind]>([
    ['401', refused(401), 'auth'],
    ['429', refused(429), 'rate_limited'],
    ['500', refused(500), 'failed'],
    ['HTML', { body: '<html><body>Sign in</body></html>' }, 'invalid_response'],
    ['an empty object', { body: '{}' }, 'invalid_response'],
    ['a reset', { beforeHeaders: 'reset' }, 'failed'],
  ])('fails on %s', async (_name, script, kind) => {
    setup().fault.always(script);
    expectError(await failureOf(call()), kind);
  });
}

/** The same of a vendor within the process, which makes its own vectors with `model`. */
export function describeInProcessAbilities(
  provider: Provider,
  model: string | undefined,
  instance: ProviderInstance,
): void {
  if (provider.listModels) {
    it('tells the ids of its models, each once', async () => {
      const ids = (await provider.listModels!(createTarget(instance))).map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
    });
  }
  if (!provider.embed) return;

  const embed = async (input: string[], more: Partial<EmbeddingsRequestBody> = {}) => {
    expect(model, 'the vendor’s `embedding`').toBeDefined();
    const body = JsonDocument.fromValue({ model: model!, input, dimensions: 3, ...more });
    const answer = await provider.embed!({ body }, createTarget(instance, { model: model! }));
    return { ...answer, vectors: answer.body.value.data.map(({ embedding }) => embedding) };
  };

  it('embeds inputs in their order, in the size that was asked for', async () => {
    const { vectors, usage } = await embed(['one', 'two']);
    expect(vectors.map(({ length }) => length)).toEqual([3, 3]);
    expect((await embed(['two', 'one'])).vectors).toEqual(vectors.toReversed());
    expect(usage && totalInput(usage)).toBeGreaterThan(0);
  });

  it('gives vectors as base64 to those who ask for it', async () => {
    const { vectors } = await embed(['one']);
    const encoded = (await embed(['one'], { encoding_format: 'base64' })).vectors;
    const exact = vectors.map((vector) => [...Float32Array.from(vector as number[])]);
    expect(encoded.map((text) => decode(text as string))).toEqual(exact);
  });
}

function decode(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
