import { PriceFormatError, scaleDecimal } from '../../catalog/decimal.js';
import { ProviderError } from '../../providers/contract/provider-error.js';

/**
 * A vendor's decimal of USD in whole nano-USD, half up; credits are negative.
 * @throws ProviderError when it is no decimal
 */
export function reportedNanoUsd(costUsd: string): number {
  try {
    if (costUsd.startsWith('-')) return 0 - scaleDecimal(costUsd.slice(1), 9).units;
    return scaleDecimal(costUsd, 9).units;
  } catch (cause) {
    if (!(cause instanceof PriceFormatError)) throw cause;
    throw new ProviderError('invalid_response', 'The report names a cost that is no decimal', {
      cause,
    });
  }
}
