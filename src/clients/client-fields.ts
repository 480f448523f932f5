import { ApiError } from '../common/errors/api-error.js';
import { LONGEST_QUEUE_MS } from '../config/file-values.js';

const MAXIMUM_NAME_LENGTH = 100;
const MAXIMUM_DESCRIPTION_LENGTH = 2_000;
const MAXIMUM_MODELS = 1_000;
const MAXIMUM_MODEL_LENGTH = 255;
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** The name without surrounding blanks; throws `invalid_value` when it is empty, too long or unprintable. */
export function parseClientName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > MAXIMUM_NAME_LENGTH || CONTROL_CHARACTERS.test(trimmed)) {
    throw invalid('name', `must have 1 to ${MAXIMUM_NAME_LENGTH} printable characters`);
  }
  return trimmed;
}

export function parseDescription(description: string | null | undefined): string | null {
  if (description === null || description === undefined || description.trim() === '') return null;
  if (description.length > MAXIMUM_DESCRIPTION_LENGTH) {
    throw invalid('description', `must have at most ${MAXIMUM_DESCRIPTION_LENGTH} characters`);
  }
  return description;
}

/** The list without repetitions; undefined becomes null, which allows every model. */
export function parseAllowedModels(models: readonly string[] | null | undefined): string[] | null {
  if (models === null || models === undefined) return null;
  if (models.length > MAXIMUM_MODELS) {
    throw invalid('allowedModels', `must have at most ${MAXIMUM_MODELS} entries`);
  }
  const names = models.map((model) => model.trim());
  if (names.some((name) => name === '' || name.length > MAXIMUM_MODEL_LENGTH)) {
    throw invalid('allowedModels', `must hold names of 1 to ${MAXIMUM_MODEL_LENGTH} characters`);
  }
  return [...new Set(names)];
}

export function parseQueueMs(queueMs: number | undefined): number {
  if (queueMs === undefined) return 0;
  if (!Number.isSafeInteger(queueMs) || queueMs < 0 || queueMs > LONGEST_QUEUE_MS) {
    throw invalid('queueMs', `must be a whole number from 0 to ${LONGEST_QUEUE_MS}`);
  }
  return queueMs;
}

function invalid(param: string, rule: string): ApiError {
  return new ApiError('invalid_value', `${param} ${rule}.`, { param });
}
