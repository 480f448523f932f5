import { ApiError } from '../../common/errors/api-error.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { NativeRequest } from '../../providers/contract/native.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { estimateTokens } from '../../usage/estimate-tokens.js';
import type { JsonBody } from '../body/read-json-body.js';
import { compileSchema, validate } from '../body/validate.js';
import { withChanges } from '../body/with-changes.js';
import type { CanonicalRequest } from '../chat/chat-calls.js';
import type { RouteInput } from '../route.js';
import { convertFromResponsesRequest } from './convert-from-responses-request.js';
import type { Translation } from './input/convert-parts.js';
import { isThoughtHere, portableInput } from './input/portable-input.js';
import { resolveInput, type LocatedItem } from './input/resolve-input.js';
import { countCharacters, hasImages } from './measure-responses-request.js';
import { mintResponseId, type AnswerContext } from './response-envelope.js';
import type { ResponsesItem, ResponsesRequest } from './responses-api.js';
import { RESPONSES_REQUEST_SCHEMA } from './responses-request.schema.js';
import { ClientHistory } from './store/client-history.js';
import type { ResponseStore } from './store/response-store.js';
import { ToolNames } from './tool-names.js';
import { unsupportedParameter } from './unsupported-parameter.js';

const checkResponsesRequest = compileSchema(RESPONSES_REQUEST_SCHEMA);

const EARLIER = 'previous_response_id';

/** A valid request and the conversation that it goes on from, ready to be sent to any target. */
export class ResponsesInput implements RouteInput {
  readonly model: string;
  readonly stream: boolean;
  readonly characters: number;
  readonly maxOutputTokens: number | undefined;
  readonly hasImages: boolean;
  readonly user: string | null;
  readonly home: string | undefined;
  /** What the request itself says, to be stored with its answer; undefined when it is too large. */
  readonly ownItems: readonly ResponsesItem[] | undefined;
  /** Whether the answer is to be stored. */
  readonly isStored: boolean;
  /** Of an answer that is written here. */
  readonly #id = mintResponseId();
  readonly #createdAt = Math.floor(Date.now() / 1000);
  #tools = new ToolNames();

  private constructor(
    private readonly body: JsonBody,
    readonly request: ResponsesRequest,
    private readonly items: readonly LocatedItem[],
    private readonly history: ClientHistory | undefined,
    fits: boolean,
  ) {
    const values = items.map(({ item }) => item);
    this.model = request.model;
    this.stream = request.stream === true;
    this.characters = countCharacters(request, values);
    this.maxOutputTokens = request.max_output_tokens ?? undefined;
    this.hasImages = hasImages(values);
    this.user = userOf(request);
    this.home = history?.home;
    this.isStored = history !== undefined && request.store !== false;
    this.ownItems = fits
      ? items.filter(({ path }) => path !== EARLIER).map(({ item }) => item)
      : undefined;
  }

  /** @throws ApiError `invalid_value`, `unsupported_parameter`, `not_found` */
  static async read(
    body: JsonBody,
    store: ResponseStore,
    clientId: string,
  ): Promise<ResponsesInput> {
    const { value } = body;
    validate<ResponsesRequest>(checkResponsesRequest, value);
    refuseWhatIsNobodys(value);
    const history = store.isOn ? new ClientHistory(store, clientId) : undefined;
    const items = await resolveInput(value, history);
    return new ResponsesInput(body, value, items, history, store.fits(body.text.length));
  }

  get reasoningEffort(): string | undefined {
    return this.request.reasoning?.effort ?? undefined;
  }

  get prompt(): unknown {
    const { instructions, tools } = this.request;
    return { instructions, input: this.items.map(({ item }) => item), tools };
  }

  /** What an answer that is written here says of the request; of the target that was asked last. */
  get context(): AnswerContext {
    return {
      id: this.#id,
      createdAt: this.#createdAt,
      request: this.request,
      tools: this.#tools,
      isStored: this.isStored && this.ownItems !== undefined,
    };
  }

  /**
   * The request in the canonical form.
   * @throws ApiError `unsupported_parameter`, `invalid_value`, `not_found`
   */
  canonicalFor(translation: Translation): CanonicalRequest {
    this.#needWholeHistory();
    if (this.request.store === true && this.ownItems === undefined) {
      translation.note('store', 'dropped');
    }
    const { body, tools } = convertFromResponsesRequest(this.request, this.items, translation);
    this.#tools = tools;
    return {
      messages: body.messages,
      requestFor: ({ model, maxOutputTokens }, messages = body.messages) => ({
        body: JsonDocument.fromValue({
          ...body,
          model,
          messages,
          ...(maxOutputTokens !== undefined && {
            // More than the client allows is for thinking that comes on top of it.
            max_completion_tokens: Math.min(maxOutputTokens, this.maxOutputTokens ?? Infinity),
          }),
        }),
      }),
    };
  }

  /**
   * The request for a vendor that speaks the dialect: as it came, the model's name apart, unless it
   * refers to what this vendor does not know.
   * @throws ApiError `not_found`
   */
  nativeFor(target: RouteTarget, translation: Translation): NativeRequest {
    const changes = this.#changesFor(target, translation);
    // What its client cannot refer to is not to be kept anywhere.
    if (this.history === undefined && this.request.store == null) changes.store = false;
    return { body: withChanges<ResponsesRequest>(this.body, changes, true) };
  }

  /**
   * The same for what is asked about a conversation without going on with it: nothing of it is kept.
   * @throws ApiError `not_found`
   */
  questionFor(target: RouteTarget, translation: Translation): NativeRequest {
    const changes = this.#changesFor(target, translation);
    return { body: withChanges<ResponsesRequest>(this.body, changes, true) };
  }

  /**
   * About how many tokens a model would read.
   * @throws ApiError `not_found`
   */
  estimateInputTokens(): number {
    this.#needWholeHistory();
    return estimateTokens(this.characters);
  }

  #changesFor(
    { model, instance, maxOutputTokens }: RouteTarget,
    translation: Translation,
  ): Partial<ResponsesRequest> {
    const changes: Partial<ResponsesRequest> = { model };
    if (maxOutputTokens !== undefined) changes.max_output_tokens = maxOutputTokens;
    if (this.history?.isReferredTo === true && this.home !== instance.name) {
      this.#needWholeHistory();
      changes.input = portableInput(this.items, this.#sent, translation);
      if (this.request.previous_response_id != null) changes.previous_response_id = null;
    } else if ([...this.#sent].some(isThoughtHere)) {
      const items = this.items.filter(({ path }) => path !== EARLIER);
      changes.input = portableInput(items, this.#sent, translation);
    }
    return changes;
  }

  /** The very items that the client sent. */
  get #sent(): ReadonlySet<ResponsesItem> {
    const { input } = this.request;
    return new Set(Array.isArray(input) ? input : []);
  }

  #needWholeHistory(): void {
    if (this.history?.isWhole !== false) return;
    throw new ApiError(
      'not_found',
      'What the request refers to is too large to be stored here, and its provider is not asked.',
      { param: EARLIER },
    );
  }
}

function userOf({ user, safety_identifier: identifier }: ResponsesRequest): string | null {
  const told = user ?? identifier;
  return typeof told === 'string' ? told : null;
}

/**
 * What would be kept at a vendor's under the proxy's own key, where nothing says whose it is, and
 * what would go on, and cost, when the request has long been answered.
 */
function refuseWhatIsNobodys({ conversation, background }: ResponsesRequest): void {
  if (conversation != null) {
    throw unsupportedParameter('conversation', 'Use previous_response_id, or send it whole.');
  }
  if (background === true) {
    throw unsupportedParameter('background', 'Answers are given while the client waits.');
  }
}
