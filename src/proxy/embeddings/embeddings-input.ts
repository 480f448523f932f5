import { ApiError } from '../../common/errors/api-error.js';
import type { EmbeddingsRequest } from '../../providers/embeddings/embeddings.js';
import type { EmbeddingsRequestBody } from '../../providers/embeddings/embeddings-api.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { CHARACTERS_PER_TOKEN } from '../../usage/estimate-tokens.js';
import type { JsonBody } from '../body/read-json-body.js';
import { compileSchema, validate } from '../body/validate.js';
import { withChanges } from '../body/with-changes.js';
import type { RouteInput } from '../route.js';
import { EMBEDDINGS_REQUEST_SCHEMA } from './embeddings-request.schema.js';

/** As many as OpenAI takes in one request. */
const MAX_INPUTS = 2048;

const checkEmbeddingsRequest = compileSchema(EMBEDDINGS_REQUEST_SCHEMA);

/** A valid embeddings request, ready to be sent to any target. */
export class EmbeddingsInput implements RouteInput {
  readonly model: string;
  readonly stream = false;
  readonly hasImages = false;
  /** No model writes anything. */
  readonly maxOutputTokens = 0;
  readonly #body: JsonBody;
  readonly #value: EmbeddingsRequestBody;

  /** @throws ApiError `invalid_value` */
  constructor(body: JsonBody) {
    const { value } = body;
    validate<EmbeddingsRequestBody>(checkEmbeddingsRequest, value);
    checkInputs(value.input);
    this.#body = body;
    this.#value = value;
    this.model = value.model;
  }

  /** Tokens that the client counted itself are as many characters as an estimate makes a token of. */
  get characters(): number {
    const { input } = this.#value;
    if (typeof input === 'string') return input.length;
    let characters = 0;
    for (const one of input) {
      if (typeof one === 'string') characters += one.length;
      else characters += CHARACTERS_PER_TOKEN * (typeof one === 'number' ? 1 : one.length);
    }
    return characters;
  }

  get prompt(): unknown {
    return { input: this.#value.input };
  }

  get user(): string | null {
    return this.#value.user ?? null;
  }

  /** The request with the vendor's own model name. */
  requestFor({ model, provider }: RouteTarget): EmbeddingsRequest {
    // Whoever speaks OpenAI's chat speaks its embeddings too.
    return {
      body: withChanges<EmbeddingsRequestBody>(
        this.#body,
        { model },
        provider.dialects.includes('chat'),
      ),
    };
  }
}

/** Texts, tokens of one text, or lists of them: one kind in one request. */
function checkInputs(input: EmbeddingsRequestBody['input']): void {
  if (typeof input === 'string') return;
  const kind = typeof input[0];
  const odd = input.findIndex((one) => typeof one !== kind);
  if (odd > 0) throw invalidInput(`input[${odd}]`, 'must be of the same kind as the first one');
  if (kind !== 'number' && input.length > MAX_INPUTS) {
    throw invalidInput('input', `must have at most ${MAX_INPUTS} items`);
  }
}

function invalidInput(param: string, problem: string): ApiError {
  return new ApiError('invalid_value', `Invalid value for '${param}': it ${problem}.`, { param });
}
