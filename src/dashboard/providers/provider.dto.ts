import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const MOST_KEYS = 50;
const LONGEST_KEY = 4_096;

/** Milliseconds; what is absent is the default of the installation. */
export class TimeoutsBody {
  /** TCP and TLS. */
  @IsOptional()
  @IsInt()
  connectMs?: number;

  /** From the sent request to the first byte of the answer. */
  @IsOptional()
  @IsInt()
  firstByteMs?: number;

  /** Longest silence between two chunks. */
  @IsOptional()
  @IsInt()
  idleMs?: number;

  /** The whole call. */
  @IsOptional()
  @IsInt()
  totalMs?: number;
}

export class RetriesBody {
  /** Calls of one request, the first one included. */
  @IsOptional()
  @IsInt()
  maxAttempts?: number;

  /** Milliseconds before the first retry, in the mean. */
  @IsOptional()
  @IsInt()
  baseMs?: number;
}

export class BreakerSettingsBody {
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  /** Percent of failed calls at which it opens. */
  @IsOptional()
  @IsInt()
  errorThresholdPercentage?: number;

  /** Calls below which it never opens. */
  @IsOptional()
  @IsInt()
  volumeThreshold?: number;

  /** Milliseconds it looks back. */
  @IsOptional()
  @IsInt()
  windowMs?: number;

  /** Milliseconds after which an open one lets a call probe. */
  @IsOptional()
  @IsInt()
  resetTimeoutMs?: number;

  /** Milliseconds that this grows to while probes fail. */
  @IsOptional()
  @IsInt()
  maxResetMs?: number;

  /** Each model has one of its own. */
  @IsOptional()
  @IsBoolean()
  perModel?: boolean;
}

export class HealthSettingsBody {
  /** Percent of failed calls above which a model is called only when no other can answer. */
  @IsOptional()
  @IsInt()
  disableAboveErrorPercent?: number;

  /** Percent below which it is well again. */
  @IsOptional()
  @IsInt()
  enableBelowErrorPercent?: number;

  /** Calls below which nothing is concluded. */
  @IsOptional()
  @IsInt()
  minCalls?: number;

  /** Milliseconds it looks back. */
  @IsOptional()
  @IsInt()
  windowMs?: number;

  /** `models`, `off`, or a cheap model as `{ model, maxTokens }`, whose answers cost. */
  @IsOptional()
  @Allow()
  @ApiPropertyOptional({
    oneOf: [
      { type: 'string', enum: ['models', 'off'] },
      {
        type: 'object',
        required: ['model'],
        properties: { model: { type: 'string' }, maxTokens: { type: 'integer' } },
      },
    ],
  })
  probe?: unknown;

  /** Milliseconds between probes; 0 sends none. */
  @IsOptional()
  @IsInt()
  probeIntervalMs?: number;
}

/** Everything about an instance but its name and type. A map is replaced whole; in a change null takes a member away. */
export class ProviderFieldsBody {
  /** https, and public unless `ALLOWED_PRIVATE_UPSTREAMS` lists it; that of the type when absent. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  baseUrl?: string | null;

  /** Of the type `openai-compatible`: a known vendor. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  preset?: string | null;

  /** Replaces all keys; they are never shown again. Must be given when the address changes. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_KEYS)
  @IsString({ each: true })
  @MaxLength(LONGEST_KEY, { each: true })
  apiKeys?: string[];

  /** False takes it out: its models are unknown to clients. */
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  @IsOptional()
  @ValidateNested()
  @Type(() => TimeoutsBody)
  timeouts?: TimeoutsBody | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => RetriesBody)
  retries?: RetriesBody | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => BreakerSettingsBody)
  breaker?: BreakerSettingsBody | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => HealthSettingsBody)
  health?: HealthSettingsBody | null;

  /** Connections that may be open. */
  @IsOptional()
  @IsInt()
  maxConnections?: number | null;

  /** What happens upstream when a client leaves. */
  @IsOptional()
  @IsIn(['cancel', 'drain'])
  disconnect?: 'cancel' | 'drain' | null;

  /** Milliseconds to read on under `drain`. */
  @IsOptional()
  @IsInt()
  drainMs?: number | null;

  /** Of the type, as `GET /api/provider-types` describes them. */
  @IsOptional()
  @IsObject()
  settings?: Record<string, unknown> | null;
}

/** Body of `PATCH /api/providers/:name`; an absent member stays as it is. */
export class ProviderChangeBody extends ProviderFieldsBody {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  type?: string;
}

/** Body of `PUT /api/providers/:name`. */
export class ProviderReplaceBody extends ProviderFieldsBody {
  /** As in `GET /api/provider-types`. */
  @IsString()
  @MaxLength(100)
  type!: string;
}

/** Body of `POST /api/providers`. */
export class ProviderBody extends ProviderReplaceBody {
  /** Unique; models are addressed `name/model`. */
  @IsString()
  @MaxLength(63)
  name!: string;
}
