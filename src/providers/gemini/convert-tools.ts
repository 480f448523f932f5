import type { ChatCompletionRequest, ChatTool } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject } from '../openai-compatible/openai-api.js';
import { convertSchema } from './convert-schema.js';
import type { FunctionDeclaration, GeminiTool } from './gemini-api.js';
import type { GeminiFamily } from './gemini-models.js';
import { unsupported } from '../contract/refusals.js';

export interface ConvertedTools {
  readonly tools: GeminiTool[];
  readonly functionNames: readonly string[];
  /** One of them asked to be called exactly as its schema says. */
  readonly isStrict: boolean;
}

/** The functions and searches that a request offers. */
export function convertTools(
  body: ChatCompletionRequest,
  family: GeminiFamily,
  translation: TranslationReport,
): ConvertedTools {
  const declarations: FunctionDeclaration[] = [];
  let isStrict = false;
  for (const [index, tool] of (body.tools ?? []).entries()) {
    const path = `tools[${index}]`;
    if (tool.type !== 'function' || !isObject(tool.function)) {
      throw unsupported(path, `is of the type '${tool.type}', which this model does not have`);
    }
    if (tool['cache_control']) translation.note('messages.cache_control', 'dropped', path);
    translation.note('tools.function', 'mapped', path);
    declarations.push(convertFunction(tool.function, `${path}.function`, family, translation));
    if (tool.function.strict === true) {
      isStrict = true;
      const outcome = family.validatesCalls ? 'mapped' : 'dropped';
      translation.note('tools.function.strict', outcome, `${path}.function.strict`);
    }
  }
  for (const [index, legacy] of legacyFunctionsOf(body).entries()) {
    const path = `functions[${index}]`;
    // Their calls come back as tool calls.
    translation.note('functions', 'approximated', path);
    declarations.push(convertFunction(legacy, path, family, translation));
  }
  const tools: GeminiTool[] = [];
  if (declarations.length > 0) tools.push({ functionDeclarations: declarations });
  if (isObject(body['web_search_options'])) {
    const isPlain = Object.values(body['web_search_options']).every((value) => value == null);
    translation.note('web_search_options', isPlain ? 'mapped' : 'approximated');
    tools.push({ googleSearch: {} });
  }
  return { tools, functionNames: declarations.map(({ name }) => name), isStrict };
}

type ChatFunction = NonNullable<ChatTool['function']>;

function legacyFunctionsOf(body: ChatCompletionRequest): ChatFunction[] {
  const functions = body['functions'];
  return Array.isArray(functions) ? (functions as ChatFunction[]) : [];
}

function convertFunction(
  { name, description, parameters }: ChatFunction,
  path: string,
  family: GeminiFamily,
  translation: TranslationReport,
): FunctionDeclaration {
  const { form, schema, lost } = convertSchema(parameters, family.takesJsonSchema);
  for (const keyword of lost) {
    translation.note('tools.function', 'approximated', `${path}.parameters${keyword}`);
  }
  return {
    name,
    ...(description && { description }),
    ...(schema !== undefined && {
      [form === 'openapi' ? 'parameters' : 'parametersJsonSchema']: schema,
    }),
  };
}
