import { findMember } from '../../common/json/json-text.js';
import type { ChatRequest } from '../../providers/chat/chat.js';
import type { ChatCompletionRequest, ChatMessage } from '../../providers/chat/chat-api.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { JsonBody } from '../body/read-json-body.js';
import { compileSchema, validate } from '../body/validate.js';
import { withChanges } from '../body/with-changes.js';
import type { RouteInput } from '../route.js';
import { CHAT_REQUEST_SCHEMA } from './chat-request.schema.js';

const checkChatRequest = compileSchema(CHAT_REQUEST_SCHEMA);

/** A valid chat request, ready to be sent to any target. */
export class ChatInput implements RouteInput {
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client wants to see the usage of a stream. */
  readonly wantsUsage: boolean;
  readonly #body: JsonBody;
  readonly #value: ChatCompletionRequest;
  #characters: number | undefined;

  /** @throws ApiError `invalid_value` */
  constructor(body: JsonBody) {
    const { value } = body;
    validate<ChatCompletionRequest>(checkChatRequest, value);
    this.#body = body;
    this.#value = value;
    this.model = value.model;
    this.stream = value.stream === true;
    this.wantsUsage = value.stream_options?.include_usage === true;
  }

  /** Characters of the prompt, tools included; the base of an estimate of the input. */
  get characters(): number {
    return (this.#characters ??= this.#countCharacters());
  }

  #countCharacters(): number {
    const tools = findMember(this.#body.members, 'tools');
    let characters = tools === undefined ? 0 : tools.valueEnd - tools.valueStart;
    for (const message of this.#value.messages) characters += messageCharacters(message);
    return characters;
  }

  get maxOutputTokens(): number | undefined {
    const { max_completion_tokens: newer, max_tokens: older } = this.#value;
    const most = newer ?? older;
    return most == null ? undefined : most * this.answers;
  }

  get answers(): number {
    const { n } = this.#value;
    return typeof n === 'number' ? n : 1;
  }

  get reasoningEffort(): string | undefined {
    return this.#value.reasoning_effort ?? undefined;
  }

  /** The one that the client uses, and the newer where it uses none. */
  get #limitField(): 'max_tokens' | 'max_completion_tokens' {
    const { max_completion_tokens: newer, max_tokens: older } = this.#value;
    return newer == null && older != null ? 'max_tokens' : 'max_completion_tokens';
  }

  get prompt(): unknown {
    const { messages, tools } = this.#value;
    return { messages, tools };
  }

  get hasImages(): boolean {
    return this.#value.messages.some(
      ({ content }) => Array.isArray(content) && content.some((part) => part.type === 'image_url'),
    );
  }

  get user(): string | null {
    return typeof this.#value['user'] === 'string' ? this.#value['user'] : null;
  }

  /** What has been said so far; not to be changed, because another target may need it as it came. */
  get messages(): readonly ChatMessage[] {
    return this.#value.messages;
  }

  /**
   * The request with the vendor's own model name, and asking for usage. Where the vendor speaks
   * this dialect, every other byte is as the client sent it.
   * @param messages where they are not what the client sent
   */
  requestFor(
    { model, provider, maxOutputTokens }: RouteTarget,
    messages?: ChatMessage[],
  ): ChatRequest {
    const changes: Partial<ChatCompletionRequest> = { model };
    if (maxOutputTokens !== undefined) {
      // More than the client allows is for thinking that comes on top of it.
      const most = Math.min(maxOutputTokens, this.maxOutputTokens ?? Infinity);
      changes[this.#limitField] = Math.max(1, Math.floor(most / this.answers));
    }
    if (this.stream) {
      changes.stream_options = { ...this.#value.stream_options, include_usage: true };
    }
    if (messages !== undefined) changes.messages = messages;
    return { body: withChanges(this.#body, changes, provider.dialects.includes('chat')) };
  }
}

/** About what vendors bill for an image of ordinary size, 765 tokens. */
const CHARACTERS_PER_IMAGE = 3060;

function messageCharacters({ content, tool_calls: toolCalls }: ChatMessage): number {
  let characters = 0;
  if (typeof content === 'string') characters += content.length;
  else if (Array.isArray(content)) {
    for (const part of content) {
      characters += part.type === 'image_url' ? CHARACTERS_PER_IMAGE : (part.text?.length ?? 0);
    }
  }
  for (const { function: called, custom } of toolCalls ?? []) {
    characters += called?.arguments?.length ?? custom?.input?.length ?? 0;
  }
  return characters;
}
