import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { LONGEST_QUEUE_MS } from '../../config/file-values.js';
import { DEFAULT_QUEUE_MS } from '../../config/limit-values.js';

/** Body of `PUT /api/clients/:id/on-limit`. */
export class OnLimitBody {
  @IsIn(['reject', 'queue'])
  onLimit!: 'reject' | 'queue';

  /** Longest wait under `queue`, in milliseconds. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_QUEUE_MS)
  @ApiPropertyOptional({ default: DEFAULT_QUEUE_MS })
  queueMs: number = DEFAULT_QUEUE_MS;
}
