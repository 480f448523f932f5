import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Query of `GET /api/system/logs`. */
export class LogQuery {
  /** This level and those above it. */
  @IsOptional()
  @IsIn(LOG_LEVELS)
  level: LogLevel = 'trace';

  /** Text that the line has somewhere, in upper or lower case. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;

  /** Most lines of one answer. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 200;

  /** The `nextCursor` of the answer before. */
  @IsOptional()
  @Matches(/^\d{1,15}$/)
  cursor?: string;
}
