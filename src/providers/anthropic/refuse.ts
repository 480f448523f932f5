import { ProviderError } from '../contract/provider-error.js';

/** What a client could not do without and Anthropic has not. */
export function unsupported(param: string, message: string): ProviderError {
  return refusal(param, message, 'unsupported_parameter');
}

export function invalidValue(param: string, message: string): ProviderError {
  return refusal(param, message, 'invalid_value');
}

function refusal(param: string, message: string, vendorCode: string): ProviderError {
  return new ProviderError('rejected', message, {
    status: 400,
    vendorType: 'invalid_request_error',
    vendorCode,
    param,
  });
}
