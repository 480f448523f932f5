import type { UsageBreakdownAnswer, UsageGroup } from '../../usage/queries/usage-breakdown.js';
import { UsageFiguresView, usageFiguresView } from './usage-figures.view.js';

/** What one client, key, provider, model or status has used. */
export class UsageGroupView extends UsageFiguresView {
  /** Id of the client or key, name of the provider, `provider/model`, or status. */
  id!: string;
  /** For people. */
  name!: string;
  /** Of a client or a key; null otherwise. */
  clientId!: string | null;
  /** Of a provider or a model; null otherwise. */
  provider!: string | null;
  /** The provider's own name of a model; null otherwise. */
  model!: string | null;
}

/** Usage by groups, the dearest first. Never cut off: the sums of the items are the total. */
export class UsageBreakdownView {
  /** ISO 8601, inclusive. */
  from!: string;
  /** ISO 8601, exclusive. */
  to!: string;
  items!: UsageGroupView[];
  total!: UsageFiguresView;
  /** All items are in one answer. */
  nextCursor!: string | null;
}

export function usageBreakdownView(answer: UsageBreakdownAnswer): UsageBreakdownView {
  return {
    from: new Date(answer.from).toISOString(),
    to: new Date(answer.to).toISOString(),
    items: answer.groups.map(usageGroupView),
    total: usageFiguresView(answer.total),
    nextCursor: null,
  };
}

export function usageGroupView(group: UsageGroup): UsageGroupView {
  const { id, name, clientId, provider, model } = group;
  return { id, name, clientId, provider, model, ...usageFiguresView(group) };
}
