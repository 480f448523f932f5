import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject, OLLAMA_OPTIONS } from './ollama-api.js';
import type { OllamaSettings } from './ollama-settings.js';
import { invalidValue } from '../contract/refusals.js';

/** Documented fields that are options of the same name. */
const SAME_NAME = [
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'presence_penalty',
  'frequency_penalty',
] as const;

/**
 * How the answer is sampled. The client's documented fields win over its `options`, and those over
 * the instance's settings.
 */
export function convertOptions(
  body: ChatCompletionRequest,
  settings: OllamaSettings,
  report: TranslationReport,
): Record<string, unknown> {
  const documented: Record<string, unknown> = {};
  for (const name of [...SAME_NAME, ...OLLAMA_OPTIONS]) {
    if (isGiven(body[name])) documented[name] = body[name];
  }
  const maxTokens = maxTokensOf(body, report);
  if (maxTokens !== undefined) documented['num_predict'] = maxTokens;
  if (isGiven(body.stop)) documented['stop'] = stopOf(body.stop, report);

  const own = ownOptions(body['options']);
  for (const [name, value] of Object.entries(documented)) {
    if (name in own && own[name] !== value) report.note('options', 'dropped', `options.${name}`);
  }
  return {
    ...(settings.numCtx !== undefined && { num_ctx: settings.numCtx }),
    ...own,
    ...documented,
  };
}

function ownOptions(options: unknown): Record<string, unknown> {
  if (!isGiven(options)) return {};
  if (isObject(options)) return options;
  throw invalidValue('options', 'must be an object');
}

function maxTokensOf(body: ChatCompletionRequest, report: TranslationReport): number | undefined {
  const { max_tokens: older, max_completion_tokens: newer } = body;
  if (isGiven(newer)) report.note('max_completion_tokens', 'mapped');
  if (isGiven(older)) {
    report.note('max_tokens', isGiven(newer) && newer !== older ? 'dropped' : 'mapped');
  }
  return newer ?? older ?? undefined;
}

function stopOf(stop: string | string[], report: TranslationReport): string[] {
  if (Array.isArray(stop)) return stop;
  report.note('stop', 'mapped');
  return [stop];
}

function isGiven<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}
