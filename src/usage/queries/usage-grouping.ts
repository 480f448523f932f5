/** What usage can be told apart by. */
export const GROUPINGS = ['client', 'key', 'provider', 'model', 'status'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The name of a group in SQL, over the columns of roll-ups. Names of instances have no slash. */
const GROUP_EXPRESSIONS = {
  none: "''",
  client: 'client_id',
  key: 'api_key_id',
  provider: 'provider',
  model: "provider || '/' || model",
  status: 'status',
} as const satisfies Record<Grouping | 'none', string>;

export function groupExpression(grouping: Grouping | 'none'): string {
  return GROUP_EXPRESSIONS[grouping];
}

/** The parts of the name of a group of models. */
export function modelOfGroup(group: string): { readonly provider: string; readonly model: string } {
  const slash = group.indexOf('/');
  return { provider: group.slice(0, slash), model: group.slice(slash + 1) };
}
