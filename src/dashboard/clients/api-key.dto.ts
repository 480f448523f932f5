import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsDayOrTime } from '../is-day-or-time.js';

const LONGEST_OVERLAP_SECONDS = 90 * 86_400;

/** Body of `POST /api/clients/:id/keys`. */
export class ApiKeyBody {
  /** `admin` opens `/api` as well; making one takes that role. */
  @IsOptional()
  @IsIn(['client', 'admin'])
  role?: 'client' | 'admin';

  /** ISO 8601; absent or null never expires. */
  @IsOptional()
  @IsDayOrTime()
  expiresAt?: string | null;
}

/** Body of `POST /api/clients/:id/keys/:keyId/rotate`. */
export class RotateKeyBody {
  /** How long the old key stays good beside the new one; 24 hours when absent, 0 ends it now. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LONGEST_OVERLAP_SECONDS)
  overlapSeconds?: number;

  /** End of the new key; must be given, or null, when the old one has an end. */
  @IsOptional()
  @IsDayOrTime()
  expiresAt?: string | null;
}
