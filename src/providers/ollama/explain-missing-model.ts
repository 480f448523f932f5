import { ProviderError } from '../contract/provider-error.js';

/** The vendor has no codes: its 404 says that the model was never pulled, and means nothing else. */
export function explainMissingModel(error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.kind !== 'rejected' || error.status !== 404) {
    return error;
  }
  return new ProviderError('rejected', error.message, {
    status: 404,
    vendorType: 'invalid_request_error',
    vendorCode: 'model_not_found',
    param: 'model',
    ...(error.upstreamRequestId !== undefined && { upstreamRequestId: error.upstreamRequestId }),
    cause: error,
  });
}
