import { parseVerbatimJson } from '../../common/json/parse-exact-json.js';
import type { ChatMessage } from '../chat/chat-api.js';
import { findReasoningOf } from '../chat/reasoning.js';
import { isObject, objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';
import { convertContent, type ContentContext } from './convert-content.js';
import type { GeminiPart } from './gemini-api.js';
import { REASONING_FORMAT } from './signatures.js';
import { invalidValue } from '../contract/refusals.js';

/** The vendor takes it in place of a signature that was lost. …/docs/thought-signatures */
const SKIPPED_SIGNATURE = 'skip_thought_signature_validator';

export interface AssistantContext extends ContentContext {
  /** The step's first function call is refused without its signature. */
  readonly requiresSignature: boolean;
}

/** What the model said before: text first, then its function calls, each with what it signed. */
export function convertAssistantMessage(
  message: ChatMessage,
  context: AssistantContext,
  path: string,
): GeminiPart[] {
  const { translation } = context.target;
  const texts = convertContent(message.content, context, `${path}.content`);
  if (typeof message['refusal'] === 'string' && message['refusal'] !== '') {
    translation.note('messages.refusal', 'approximated', `${path}.refusal`);
    texts.push({ text: message['refusal'] });
  }
  if (message['audio'] != null) translation.note('messages.audio', 'dropped', `${path}.audio`);

  const signatures = new Signatures(message);
  const calls = convertCalls(message, context, path, signatures);
  const [first] = calls;
  if (first && context.requiresSignature) first.thoughtSignature ??= SKIPPED_SIGNATURE;
  noteReasoning(message, signatures, context, path);
  return [...sign(texts, signatures.ofTexts), ...calls];
}

/** What came out with the message's parts, as far as this vendor made it. */
class Signatures {
  readonly ofTexts: string[] = [];
  readonly #ofCalls = new Map<string, string>();
  #hasCallSignature = false;

  constructor(message: ChatMessage) {
    const ids = new Set(objectsIn(message.tool_calls).map(({ id }) => id));
    for (const detail of findReasoningOf(REASONING_FORMAT, message['reasoning_details'])) {
      const signature = detail.type === 'reasoning.encrypted' ? detail.data : undefined;
      if (typeof signature !== 'string') continue;
      // Some clients hold a call's signature here, under the id of the call.
      if (detail.id != null && ids.has(detail.id)) this.#ofCalls.set(detail.id, signature);
      else this.ofTexts.push(signature);
    }
  }

  get any(): boolean {
    return this.#hasCallSignature || this.ofTexts.length > 0;
  }

  ofCall(call: JsonObject): string | undefined {
    const extra = call['extra_content'];
    const own = isObject(extra) && isObject(extra['google']) ? extra['google'] : {};
    const carried = own['thought_signature'];
    const signature =
      typeof carried === 'string' && carried !== ''
        ? carried
        : this.#ofCalls.get(String(call['id']));
    this.#hasCallSignature ||= signature !== undefined;
    return signature;
  }
}

function convertCalls(
  message: ChatMessage,
  context: AssistantContext,
  path: string,
  signatures: Signatures,
): GeminiPart[] {
  const parts = objectsIn(message.tool_calls).map((call, index): GeminiPart => {
    const signature = signatures.ofCall(call);
    return {
      functionCall: convertCall(call, context, `${path}.tool_calls[${index}]`),
      ...(signature !== undefined && { thoughtSignature: signature }),
    };
  });
  const legacy = message['function_call'];
  if (isObject(legacy)) {
    const at = `${path}.function_call`;
    context.target.translation.note('messages.function', 'mapped', at);
    const args = convertArguments(legacy['arguments'], context, 'messages.function', at);
    parts.push({ functionCall: { name: nameOf(legacy, at), args } });
  }
  return parts;
}

function convertCall(call: JsonObject, context: AssistantContext, path: string) {
  const id = typeof call['id'] === 'string' ? { id: call['id'] } : {};
  const { translation } = context.target;
  if (isObject(call['custom'])) {
    translation.note('messages.tool_calls.custom', 'approximated', path);
    const { input } = call['custom'];
    return { ...id, name: nameOf(call['custom'], path), args: { input } };
  }
  const tool = isObject(call['function']) ? call['function'] : {};
  translation.note('messages.tool_calls', 'mapped', path);
  const args = convertArguments(tool['arguments'], context, 'messages.tool_calls', path);
  return { ...id, name: nameOf(tool, path), args };
}

function nameOf(tool: JsonObject, path: string): string {
  if (typeof tool['name'] === 'string' && tool['name'] !== '') return tool['name'];
  throw invalidValue(path, 'must have a name');
}

/** The vendor wants an object; what is none goes into one. */
function convertArguments(
  text: unknown,
  { target }: AssistantContext,
  field: string,
  path: string,
): unknown {
  if (typeof text !== 'string' || text.trim() === '') return {};
  let args: unknown;
  try {
    args = parseVerbatimJson(text);
  } catch {
    args = undefined;
  }
  if (isObject(args)) return args;
  target.translation.note(field, 'approximated', path);
  return { input: args ?? text };
}

/** The last text part carries the last signature; earlier ones stand before it by themselves. */
function sign(texts: GeminiPart[], signatures: readonly string[]): GeminiPart[] {
  if (signatures.length === 0) return texts;
  const alone = signatures.map((thoughtSignature): GeminiPart => ({ text: '', thoughtSignature }));
  const last = texts.at(-1);
  if (last?.text === undefined) return [...texts, ...alone];
  const signed = { ...last, thoughtSignature: signatures.at(-1) as string };
  return [...texts.slice(0, -1), ...alone.slice(0, -1), signed];
}

/** The vendor wants what it signed, not what it thought; what others signed it refuses. */
function noteReasoning(
  message: ChatMessage,
  signatures: Signatures,
  { target }: AssistantContext,
  path: string,
): void {
  const details = message['reasoning_details'];
  const hasForeign = Array.isArray(details) && details.length > 0;
  if (signatures.any) target.translation.note('messages.reasoning', 'mapped', path);
  else if (message.reasoning_content || message['reasoning'] || hasForeign) {
    const member = message.reasoning_content ? 'reasoning_content' : 'reasoning_details';
    target.translation.note('messages.reasoning', 'dropped', `${path}.${member}`);
  }
}
