import type { LimitScope } from '../rules/limit-rule.js';

/** Requests and tokens count per minute; slots are requests in flight. */
export type LimitKind = 'requests' | 'tokens' | 'slots';

/** How much of one kind one subject may use. */
export interface Limit {
  /** Of its counter, which outlives a change of `most`. */
  readonly id: string;
  readonly kind: LimitKind;
  readonly most: number;
  readonly scope: LimitScope;
  /** As in the rule. */
  readonly scopeId: string;
  /** The only dialect that counts; absent where all do. */
  readonly endpoint: string | undefined;
  /** It is not set, but follows from what its client usually uses. */
  readonly isUnusual?: true;
}

/** What one request takes of a limit when it is let in. */
export function costOf({ kind }: Limit, tokens: number): number {
  return kind === 'tokens' ? tokens : 1;
}
