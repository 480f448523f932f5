import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { AFFINITIES, STRATEGIES } from '../../config/file-models.js';

const MOST_TARGETS = 100;

export class RouteTargetBody {
  /** `instance/model`. */
  @IsString()
  @MaxLength(320)
  model!: string;

  /** Share of requests under `weighted`; 1 when absent. */
  @IsOptional()
  @IsInt()
  weight?: number;

  /** A request that names one of them goes to who has it. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TARGETS)
  @IsString({ each: true })
  tags?: string[];
}

export class RouteHedgeBody {
  /** Milliseconds, or `p95`. */
  @Allow()
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string', enum: ['p90', 'p95', 'p99'] }] })
  afterMs!: unknown;

  /** So many of 100 requests may be sent twice. */
  @IsOptional()
  @IsInt()
  maxExtraPercent?: number;

  @IsOptional()
  @IsBoolean()
  sameTarget?: boolean;
}

class RouteFieldsBody {
  @IsOptional()
  @IsIn(STRATEGIES)
  strategy?: 'priority' | 'weighted' | 'round-robin' | 'least-busy' | 'latency' | 'cost';

  /** What keeps to one target. */
  @IsOptional()
  @IsIn(AFFINITIES)
  affinity?: 'session' | 'user' | 'client' | 'none';

  /** `instance/model`, tried in order when no target answered. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TARGETS)
  @IsString({ each: true })
  fallbacks?: string[];

  /** For requests that are too long; public names too. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TARGETS)
  @IsString({ each: true })
  contextFallbacks?: string[];

  /** For requests whose content was refused; public names too. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TARGETS)
  @IsString({ each: true })
  contentPolicyFallbacks?: string[];

  /** Null takes it away. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RouteHedgeBody)
  hedge?: RouteHedgeBody | null;
}

/** Body of `POST /api/routes`. */
export class RouteBody extends RouteFieldsBody {
  /** Public name that clients ask for. */
  @IsString()
  @MaxLength(255)
  name!: string;

  @IsArray()
  @ArrayMaxSize(MOST_TARGETS)
  @ValidateNested({ each: true })
  @Type(() => RouteTargetBody)
  targets!: RouteTargetBody[];
}

/** Body of `PATCH /api/routes/:name`; an absent member stays as it is. */
export class RouteChangeBody extends RouteFieldsBody {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TARGETS)
  @ValidateNested({ each: true })
  @Type(() => RouteTargetBody)
  targets?: RouteTargetBody[];
}
