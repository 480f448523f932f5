import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { BreakerState } from '../../providers/upstream/breaker.js';

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

/** The breakers of an instance as the API shows them. */
export interface BreakerAnswer {
  provider: string;
  /** The worst of those that follow and the instance's own. */
  state: BreakerState;
  /** Whether it can open at all. */
  enabled: boolean;
  /** Those of single models that were called, where the instance has any. */
  models: { model: string; state: BreakerState }[];
}
