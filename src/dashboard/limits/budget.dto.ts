import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import {
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetScope,
} from '../../limits/rules/budget-rule.js';
import { LIMIT_SCOPES } from '../../limits/rules/limit-rule.js';
import { IsTimeZone } from './is-time-zone.js';

const BUDGET_SCOPES = LIMIT_SCOPES.filter((scope) => scope !== 'model');

/** What both bodies may have. An absent member of a change stays as it is. */
class BudgetFiguresBody {
  /** USD as a number or a decimal text; this or `limitNanoUsd`. */
  @Allow()
  @ApiPropertyOptional({ oneOf: [{ type: 'number' }, { type: 'string' }] })
  limitUsd?: unknown;

  /** Whole nano-USD as text. */
  @Allow()
  @ApiPropertyOptional({ type: 'string' })
  limitNanoUsd?: unknown;

  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  /** Percentages of the limit whose reaching is told. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(100, { each: true })
  alerts?: number[];
}

/** Body of `POST /api/budgets`. */
export class BudgetBody extends BudgetFiguresBody {
  @IsIn(BUDGET_SCOPES)
  scope!: BudgetScope;

  /** Client id, key id or instance name; absent for `global`. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  scopeId?: string | null;

  @IsIn(BUDGET_PERIODS)
  period!: BudgetPeriod;
}

/** Body of `PATCH /api/budgets/:id`. */
export class BudgetChangeBody extends BudgetFiguresBody {
  @IsOptional()
  @IsIn(BUDGET_PERIODS)
  period?: BudgetPeriod;
}
