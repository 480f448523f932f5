import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatRequest } from '../../providers/chat/chat.js';
import type { CompletionRequest } from '../../providers/completions/completions-api.js';
import type { NativeRequest } from '../../providers/contract/native.js';
import type { TranslationReport } from '../../providers/contract/translation.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { CHARACTERS_PER_TOKEN } from '../../usage/estimate-tokens.js';
import type { JsonBody } from '../body/read-json-body.js';
import { compileSchema, validate } from '../body/validate.js';
import { withChanges } from '../body/with-changes.js';
import type { RouteInput } from '../route.js';
import { COMPLETIONS_REQUEST_SCHEMA } from './completions-request.schema.js';
import {
  convertFromCompletionsRequest,
  DEFAULT_MAX_TOKENS,
  findPromptText,
} from './convert-from-completions-request.js';

const checkCompletionsRequest = compileSchema(COMPLETIONS_REQUEST_SCHEMA);

/** A valid request of the older completions, ready to be sent to any target. */
export class CompletionsInput implements RouteInput {
  readonly model: string;
  readonly stream: boolean;
  readonly hasImages = false;
  /** Whether the client wants to see the usage of a stream. */
  readonly wantsUsage: boolean;
  readonly #body: JsonBody;
  readonly #value: CompletionRequest;

  /** @throws ApiError `invalid_value` */
  constructor(body: JsonBody) {
    const { value } = body;
    validate<CompletionRequest>(checkCompletionsRequest, value);
    this.#body = body;
    this.#value = value;
    this.model = value.model;
    this.stream = value.stream === true;
    this.wantsUsage = value.stream_options?.include_usage === true;
  }

  /** Tokens that the client counted itself are as many characters as an estimate makes a token of. */
  get characters(): number {
    const { prompt, suffix } = this.#value;
    return charactersOf(prompt) + (suffix?.length ?? 0);
  }

  /** Over all prompts, and all answers that are made to choose from. */
  get maxOutputTokens(): number {
    return (this.#value.max_tokens ?? DEFAULT_MAX_TOKENS) * this.answers;
  }

  get answers(): number {
    const { n, best_of: tries, prompt } = this.#value;
    return (tries ?? n ?? 1) * countPrompts(prompt);
  }

  get prompt(): unknown {
    const { prompt, suffix } = this.#value;
    return { prompt, suffix };
  }

  get user(): string | null {
    return this.#value.user ?? null;
  }

  /** What an answer has to begin with, when the client asks for its prompt to be repeated. */
  get echo(): string {
    return this.#value.echo === true ? (findPromptText(this.#value.prompt) ?? '') : '';
  }

  /**
   * For a vendor that speaks this dialect: as the client sent it, byte for byte, but for the
   * vendor's own model name, and for asking for usage.
   */
  nativeRequestFor(target: RouteTarget): NativeRequest {
    return { body: withChanges<CompletionRequest>(this.#body, this.#changesFor(target), true) };
  }

  /**
   * For any other vendor.
   * @throws ApiError `unsupported_parameter` for what no chat can do
   * @throws ProviderError when the report is strict and something cannot be carried
   */
  chatRequestFor(target: RouteTarget, report: TranslationReport): ChatRequest {
    const request = { ...this.#value, ...this.#changesFor(target) };
    return { body: JsonDocument.fromValue(convertFromCompletionsRequest(request, report)) };
  }

  #changesFor({ model, maxOutputTokens }: RouteTarget): Partial<CompletionRequest> {
    const changes: Partial<CompletionRequest> = { model };
    if (maxOutputTokens !== undefined) {
      changes.max_tokens = Math.max(1, Math.floor(maxOutputTokens / this.answers));
    }
    if (!this.stream) return changes;
    changes.stream_options = { ...this.#value.stream_options, include_usage: true };
    return changes;
  }
}

/** A list of numbers is one prompt, in tokens. */
function countPrompts(prompt: CompletionRequest['prompt']): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

function charactersOf(prompt: CompletionRequest['prompt']): number {
  if (prompt === null) return 0;
  if (typeof prompt === 'string') return prompt.length;
  let characters = 0;
  for (const one of prompt) {
    if (typeof one === 'string') characters += one.length;
    else characters += CHARACTERS_PER_TOKEN * (typeof one === 'number' ? 1 : one.length);
  }
  return characters;
}
