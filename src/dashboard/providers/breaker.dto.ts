import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

const MOST_OPEN_MS = 86_400_000;

/** Body of `POST /api/providers/:name/breaker`. */
export class BreakerBody {
  @IsIn(['reset', 'open'])
  action!: 'reset' | 'open';

  /** Milliseconds that `open` lasts before one call probes; what the breaker itself would take when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_OPEN_MS)
  forMs?: number;
}
