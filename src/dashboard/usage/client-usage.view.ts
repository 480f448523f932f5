import type { UsageBreakdownAnswer } from '../../usage/queries/usage-breakdown.js';
import type { UsageSummaryAnswer } from '../../usage/queries/usage-summary.js';
import { type UsageGroupView, usageGroupView } from './usage-breakdown.view.js';
import { PeriodUsageView, periodUsageView } from './usage-summary.view.js';

/** What a client has used within a range, as a whole and by its keys and models. */
export class ClientUsageView extends PeriodUsageView {
  /** The period of the same length before, to compare with. */
  before!: PeriodUsageView;
  /** The dearest first. */
  keys!: UsageGroupView[];
  /** The dearest first. */
  models!: UsageGroupView[];
}

export function clientUsageView(
  { current, before }: UsageSummaryAnswer,
  keys: UsageBreakdownAnswer,
  models: UsageBreakdownAnswer,
): ClientUsageView {
  return {
    ...periodUsageView(current),
    before: periodUsageView(before),
    keys: keys.groups.map(usageGroupView),
    models: models.groups.map(usageGroupView),
  };
}
