import { ApiError } from '../../common/errors/api-error.js';

/** For what would change the answer if it were left out. `param` is its JSON path in the body. */
export function unsupportedParameter(param: string, reason: string): ApiError {
  return new ApiError('unsupported_parameter', `Unsupported parameter: '${param}'. ${reason}`, {
    param,
  });
}
