import { IsIn, IsOptional } from 'class-validator';
import { GROUPINGS, type Grouping } from '../../usage/queries/usage-grouping.js';
import { UsageScopeQuery } from './usage-scope.query.js';

/** Query of `GET /api/usage/breakdown`. */
export class UsageBreakdownQuery extends UsageScopeQuery {
  @IsIn(GROUPINGS)
  by!: Grouping;

  @IsOptional()
  @IsIn(['json', 'csv'])
  format: 'json' | 'csv' = 'json';
}
