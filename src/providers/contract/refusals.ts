import { ProviderError } from './provider-error.js';

const NOT_SUPPORTED = 'is not supported by the provider of this model';

/**
 * For what the vendor lacks and the request makes no sense without. `path` is its place in the
 * body, such as `messages[2].content[0].file`; `problem` goes on from there in the message.
 */
export function unsupported(path: string, problem = NOT_SUPPORTED): ProviderError {
  return refusal(path, problem, 'unsupported_parameter');
}

/** For what no vendor could make sense of. */
export function invalidValue(path: string, problem: string, cause?: unknown): ProviderError {
  return refusal(path, problem, 'invalid_value', cause);
}

function refusal(path: string, problem: string, vendorCode: string, cause?: unknown) {
  return new ProviderError('rejected', `'${path}' ${problem}`, {
    status: 400,
    vendorType: 'invalid_request_error',
    vendorCode,
    param: path,
    cause,
  });
}
