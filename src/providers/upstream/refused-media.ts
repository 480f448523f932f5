import { ProviderError } from '../contract/provider-error.js';

/**
 * A file that a message points to and that cannot be used. `problem` follows the place's name and
 * never says where the file is: what a name resolves to inside the operator's network is nobody's
 * business.
 */
export function refusedMedia(path: string, problem: string, cause?: unknown): ProviderError {
  return new ProviderError('rejected', `The file at ${path} ${problem}.`, {
    status: 400,
    vendorType: 'invalid_request_error',
    vendorCode: 'invalid_value',
    param: path,
    cause,
  });
}

/** Lower case and without parameters; what models can read and no more. */
export function isMediaType(mediaType: string): boolean {
  return /^(?:image|audio|video)\/[a-z0-9.+-]+$|^application\/pdf$/.test(mediaType);
}
