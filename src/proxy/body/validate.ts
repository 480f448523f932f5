import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ApiError } from '../../common/errors/api-error.js';

const ajv = new Ajv({
  allErrors: false,
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
});

/** Compiled once, at module load. */
export function compileSchema(schema: object): ValidateFunction {
  return ajv.compile(schema);
}

/** @throws ApiError `invalid_value` that names the JSON path of the first offence */
export function validate<T>(check: ValidateFunction, value: unknown): asserts value is T {
  if (check(value)) return;
  const error = findDeepest(check.errors ?? []);
  if (error === undefined) throw new ApiError('invalid_value', 'The request body is not valid.');
  const param = jsonPath(error);
  throw new ApiError('invalid_value', `Invalid value for '${param}': ${reason(error)}.`, { param });
}

/** Of several forms that a value may have, the one that it almost has says what is wrong with it. */
function findDeepest(errors: readonly ErrorObject[]): ErrorObject | undefined {
  let deepest: ErrorObject | undefined;
  for (const error of errors) {
    if (error.keyword === 'anyOf') continue;
    if (deepest === undefined || depthOf(error) > depthOf(deepest)) deepest = error;
  }
  return deepest;
}

function depthOf({ instancePath, keyword }: ErrorObject): number {
  return instancePath.split('/').length + (keyword === 'required' ? 1 : 0);
}

function reason(error: ErrorObject): string {
  if (error.keyword === 'required') return 'it is required';
  if (error.keyword === 'enum') {
    const { allowedValues } = error.params as { allowedValues: unknown[] };
    return `it must be one of ${allowedValues.map((value) => JSON.stringify(value)).join(', ')}`;
  }
  return error.message ?? 'it has the wrong form';
}

/** `/messages/0/content` as OpenAI writes it: `messages[0].content`. */
function jsonPath(error: ErrorObject): string {
  const segments = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'required') {
    segments.push((error.params as { missingProperty: string }).missingProperty);
  }
  return segments
    .map((segment, index) =>
      /^\d+$/.test(segment) ? `[${segment}]` : index === 0 ? segment : `.${segment}`,
    )
    .join('');
}
