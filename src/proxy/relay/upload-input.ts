import { ApiError } from '../../common/errors/api-error.js';
import type { ProviderError } from '../../providers/contract/provider-error.js';
import type { StreamedBody } from '../../providers/contract/relay.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { Upload } from '../body/upload.js';
import type { RelayableInput } from './relay-route.js';

/** No longer than the ledger can name. */
const MAX_MODEL_LENGTH = 255;

/** What is charged by the unit, as far as the form says it; asked whenever it matters, as more is known later. */
export interface UploadUnits {
  /** As `RouteInput.counted`. */
  readonly counted?: (upload: Upload) => UsageUnits;
  /** As `RouteInput.mostUnits`. */
  readonly mostUnits?: (upload: Upload) => UsageUnits;
}

/** A form with files for an endpoint that is relayed. What else is in it, the vendor has to judge. */
export class UploadInput implements RelayableInput {
  readonly characters = 0;
  readonly estimates = false;
  readonly model: string;

  readonly hasImages: boolean;

  /** @throws ApiError `invalid_value` */
  constructor(
    private readonly upload: Upload,
    private readonly settings: UploadUnits & { readonly hasImages: boolean },
  ) {
    this.hasImages = settings.hasImages;
    const { model } = upload;
    if (model === undefined) throw invalidModel('it is required');
    if (model === '') throw invalidModel('it is empty');
    if (model.length > MAX_MODEL_LENGTH) throw invalidModel('it is too long');
    this.model = model;
  }

  get stream(): boolean {
    return this.upload.stream;
  }

  get user(): string | null {
    return this.upload.user;
  }

  get counted(): UsageUnits | undefined {
    return this.settings.counted?.(this.upload);
  }

  get mostUnits(): UsageUnits | undefined {
    return this.settings.mostUnits?.(this.upload);
  }

  /** A vendor that has begun may charge for it, and what has been passed on is not here any more. */
  mayRepeat(error: ProviderError): boolean {
    return error.turnedAway && this.upload.isRepeatable;
  }

  bodyFor({ model }: RouteTarget): StreamedBody {
    return this.upload.bodyFor(model);
  }
}

function invalidModel(problem: string): ApiError {
  return new ApiError('invalid_value', `Invalid value for 'model': ${problem}.`, {
    param: 'model',
  });
}
