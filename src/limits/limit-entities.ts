import { BudgetRow } from './rules/budget.entity.js';
import { LimitRuleRow } from './rules/limit-rule.entity.js';

/** To be given to the data sources. */
export const LIMIT_ENTITIES = [LimitRuleRow, BudgetRow];
