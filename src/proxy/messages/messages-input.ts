import { findMember } from '../../common/json/json-text.js';
import { parseExactJson } from '../../common/json/parse-exact-json.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest, ChatMessage } from '../../providers/chat/chat-api.js';
import type { ChatRequest } from '../../providers/chat/chat.js';
import type { NativeRequest } from '../../providers/contract/native.js';
import type { Target } from '../../providers/contract/target.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { JsonBody } from '../body/read-json-body.js';
import { withChanges } from '../body/with-changes.js';
import type { CanonicalRequest } from '../chat/chat-calls.js';
import type { RouteInput } from '../route.js';
import { convertFromMessagesRequest, omitsThinking } from './convert-from-messages-request.js';
import { countCharacters, hasImages } from './measure-messages-request.js';
import type { MessageParam, MessagesRequest } from './messages-api.js';
import { RecordedNotes } from './request/recorded-notes.js';
import { withoutForeignThinking } from './request/without-foreign-thinking.js';

/** Anthropic's own matter: no other vendor knows what to do with them. */
const BETAS = 'anthropic-beta';
const VERSION = 'anthropic-version';

interface Converted {
  readonly request: ChatCompletionRequest;
  readonly notes: RecordedNotes;
}

/** A valid Messages request, ready to be sent to any target, natively or in the canonical form. */
export class MessagesInput implements RouteInput, CanonicalRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly #body: JsonBody;
  #converted: Converted | undefined;

  /** @param request what the body says; valid */
  constructor(
    body: JsonBody,
    readonly request: MessagesRequest,
  ) {
    this.#body = body;
    this.model = request.model;
    this.stream = request.stream === true;
  }

  get characters(): number {
    return countCharacters(this.request);
  }

  get maxOutputTokens(): number | undefined {
    return this.request.max_tokens ?? undefined;
  }

  get prompt(): unknown {
    const { system, messages, tools } = this.request;
    return { system, messages, tools };
  }

  get hasImages(): boolean {
    return hasImages(this.request);
  }

  get user(): string | null {
    return this.request.metadata?.user_id ?? null;
  }

  get omitsThinking(): boolean {
    return omitsThinking(this.request);
  }

  /** For a vendor that speaks the dialect: as it came, the model's name apart. */
  nativeRequestFor(
    { model, maxOutputTokens }: RouteTarget,
    { translation }: Target,
  ): NativeRequest {
    const changes: Partial<MessagesRequest> = { model };
    if (maxOutputTokens !== undefined) changes.max_tokens = maxOutputTokens;
    if (withoutForeignThinking(this.request, translation) !== this.request) {
      changes.messages = this.#messagesWithoutForeignThinking();
    }
    return { body: withChanges<MessagesRequest>(this.#body, changes, true) };
  }

  /**
   * The target for a vendor that does not: what the conversion could not carry is in its report,
   * and what only Anthropic understands is not among its headers.
   * @throws ApiError for what has no place in the canonical form
   * @throws ProviderError `rejected`, when the report is strict and something is lost
   */
  translatedTarget(to: Target): Target {
    this.#convert().notes.replay(to.translation);
    const { [BETAS]: betas, [VERSION]: _version, ...headers } = to.headers;
    if (betas !== undefined) to.translation.note(BETAS, 'dropped');
    return { ...to, headers };
  }

  /** In the canonical form. */
  get messages(): readonly ChatMessage[] {
    return this.#convert().request.messages;
  }

  requestFor({ model, maxOutputTokens }: RouteTarget, messages?: ChatMessage[]): ChatRequest {
    const { request } = this.#convert();
    const body = { ...request, model, messages: messages ?? request.messages };
    if (maxOutputTokens !== undefined) body.max_completion_tokens = maxOutputTokens;
    return { body: JsonDocument.fromValue(body) };
  }

  /** Once, whatever number of targets it is then tried on. */
  #convert(): Converted {
    if (this.#converted !== undefined) return this.#converted;
    const notes = new RecordedNotes();
    const request = convertFromMessagesRequest(this.request, notes);
    return (this.#converted = { request, notes });
  }

  /** Read anew, so that numbers which a double cannot hold are written as they came. */
  #messagesWithoutForeignThinking(): MessageParam[] {
    const { text, members } = this.#body;
    const member = findMember(members, 'messages');
    const messages =
      member === undefined
        ? this.request.messages
        : (parseExactJson(text.slice(member.valueStart, member.valueEnd)) as MessageParam[]);
    const nobody = { note: () => undefined };
    return withoutForeignThinking({ ...this.request, messages }, nobody).messages;
  }
}
