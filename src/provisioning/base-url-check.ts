import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '../common/errors/api-error.js';
import { isBaseUrl } from '../config/base-url.js';
import type { StoredObject } from '../config/stored-object.js';
import { PROVIDERS, type Provider } from '../providers/contract/provider.js';
import { ClosedAddressError, GuardedDialer } from '../providers/upstream/guarded-dialer.js';

const REFUSED =
  'must be an https URL that leads to public addresses, or its host and port must be listed in ALLOWED_PRIVATE_UPSTREAMS';

/** Whether a provider that somebody sets may be called where it is said to be. */
@Injectable()
export class BaseUrlCheck {
  constructor(
    @Inject(PROVIDERS) private readonly types: readonly Provider[],
    private readonly dialer: GuardedDialer,
  ) {}

  /** Throws `invalid_value`: one answer for a closed place, an unknown and a silent one. */
  async check(value: StoredObject['value']): Promise<void> {
    const url = this.baseUrlOf(value);
    // Something else is wrong with it, and will be said.
    if (url === undefined || !isBaseUrl(url)) return;
    if (value['type'] === 'simulated') return;
    try {
      await this.dialer.check(new URL(url));
    } catch (error) {
      if (!(error instanceof ClosedAddressError)) throw error;
      throw new ApiError('invalid_value', `baseUrl ${REFUSED}.`, {
        param: 'baseUrl',
        cause: error,
      });
    }
  }

  /** Its own, or else that of its type or preset. */
  baseUrlOf({ type, baseUrl, preset, settings }: StoredObject['value']): string | undefined {
    if (typeof baseUrl === 'string') return baseUrl;
    const provider = this.types.find((one) => one.type === type);
    const merged = {
      ...(settings as object | undefined),
      ...(preset === undefined ? {} : { preset }),
    };
    const defaults = provider?.defaultsFor?.(merged) ?? provider?.defaults;
    return defaults?.baseUrl;
  }
}
