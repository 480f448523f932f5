import { ApiError } from '../../common/errors/api-error.js';
import {
  findMember,
  scanObject,
  withMembers,
  withoutMembers,
} from '../../common/json/json-text.js';
import type { JsonBody } from './read-json-body.js';

const MOST_MODELS = 10;
const LONGEST_NAME = 255;
const TAKEN: ReadonlySet<string> = new Set(['models']);

export interface TakenModels {
  /** Without `models`, and with a `model` if there was any name. */
  readonly body: JsonBody;
  /** To be asked after `model`, in this order. */
  readonly further: readonly string[];
}

/**
 * Takes the list of further models out of a body: the proxy itself goes through it, so that what
 * answers is allowed, counted and paid like any other model.
 * @throws ApiError `invalid_value`
 */
export function takeModels(body: JsonBody): TakenModels {
  if (findMember(body.members, 'models') === undefined) return { body, further: [] };
  const { models, ...value } = body.value as Record<string, unknown>;
  const names = readNames(models);
  const hasModel = value['model'] !== undefined && value['model'] !== null;
  const [first = ''] = names;
  let text = withoutMembers(body.text, body.members, TAKEN);
  if (!hasModel && names.length > 0) {
    text = withMembers(text, scanned(text), { model: JSON.stringify(first) });
    value['model'] = first;
  }
  const asked = value['model'];
  const further = [...new Set(names)].filter((name) => name !== asked);
  return { body: { text, members: scanned(text), value }, further };
}

/** Its depth was bounded when it was read. */
function scanned(text: string) {
  return scanObject(text, { maxDepth: Infinity });
}

function readNames(models: unknown): readonly string[] {
  if (models === null) return [];
  const isList =
    Array.isArray(models) &&
    models.length <= MOST_MODELS &&
    models.every((name) => typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME);
  if (isList) return models as string[];
  throw new ApiError(
    'invalid_value',
    `Invalid value for 'models': it must be a list of up to ${MOST_MODELS} model names.`,
    { param: 'models' },
  );
}
