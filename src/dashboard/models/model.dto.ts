import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';

/** Body of `PATCH /api/models/:id`; an absent member stays as it is. */
export class ModelChangeBody {
  /** Entries as in `prices` of the configuration file, without the model; null takes the override away. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ApiPropertyOptional({
    type: 'array',
    nullable: true,
    items: { type: 'object', additionalProperties: true },
  })
  prices?: Record<string, unknown>[] | null;

  /** False makes it unknown to clients. */
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  /** One more public name that leads here. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  alias?: string;
}
