import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { LONGEST_QUEUE_MS } from '../../config/file-values.js';
import { MAX_CONCURRENT, MAX_PER_MINUTE } from '../../config/limit-values.js';

/** Figures of the client as a whole; null lifts one, an absent one stays as it is. 0 lets nothing through. */
export class ClientLimitsBody {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_PER_MINUTE)
  requestsPerMinute?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_PER_MINUTE)
  tokensPerMinute?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_CONCURRENT)
  maxConcurrent?: number | null;
}

class ClientFieldsBody {
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;

  /** Model names and `*` globs; null allows every model, an empty list none. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  allowedModels?: string[] | null;

  /** False refuses every key of the client. */
  @IsOptional()
  @IsBoolean()
  isActive?: boolean;

  /** Longest wait of a request that meets a limit, in milliseconds; 0 refuses it at once. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LONGEST_QUEUE_MS)
  queueMs?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => ClientLimitsBody)
  limits?: ClientLimitsBody;
}

/** Body of `POST /api/clients`. */
export class ClientBody extends ClientFieldsBody {
  /** Unique. */
  @IsString()
  @MaxLength(200)
  name!: string;
}

/** Body of `PATCH /api/clients/:id`; an absent member stays as it is. */
export class ClientChangeBody extends ClientFieldsBody {
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(200)
  name?: string;
}
