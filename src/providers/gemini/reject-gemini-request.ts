import { ProviderError } from '../contract/provider-error.js';

/** For what the vendor lacks and the request makes no sense without. `path` is its place in the body. */
export function unsupported(path: string, problem: string): ProviderError {
  return rejected(path, problem, 'unsupported_parameter');
}

/** For what no vendor could make sense of. */
export function invalidValue(path: string, problem: string): ProviderError {
  return rejected(path, problem, 'invalid_value');
}

function rejected(path: string, problem: string, code: string): ProviderError {
  return new ProviderError('rejected', `'${path}' ${problem}`, {
    status: 400,
    vendorType: 'invalid_request_error',
    vendorCode: code,
    param: path,
  });
}
