import type { UsageForm } from '../convert-openai-usage.js';
import type { RequestRules } from '../rules/request-rules.js';

/** A vendor whose differences are so few that data says them all. */
export interface Preset {
  readonly baseUrl: string;
  readonly requiresApiKey: boolean;
  /** The vendor has the older completions too. */
  readonly hasCompletions?: boolean;
  readonly rules: RequestRules;
  readonly usage?: UsageForm;
  /** The reasoning of a turn goes back with its tool calls. */
  readonly wantsReasoningBack?: boolean;
}
