import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { LONGEST_QUEUE_MS } from '../../config/file-values.js';

/** Body of `PUT /api/clients/:id/on-limit`. */
export class OnLimitBody {
  @IsIn(['reject', 'queue'])
  onLimit!: 'reject' | 'queue';

  /** Longest wait under `queue`, in milliseconds; a default when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_QUEUE_MS)
  queueMs?: number;
}
