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

/**
 * What groups are called in SQL.
 * @param groups to be told apart, in the parameter of that name; null stands for all others
 */
export function groupSql(
  groupBy: Grouping | 'none',
  groups: readonly string[] | undefined,
): string {
  const group = GROUP_EXPRESSIONS[groupBy];
  if (groups === undefined) return group;
  if (groups.length === 0) return 'CAST(NULL AS text)';
  return `CASE WHEN ${group} IN (:...groups) THEN ${group} END`;
}

/** The parts of the name of a group of models. */
export function modelOfGroup(group: string): { readonly provider: string; readonly model: string } {
  const slash = group.indexOf('/');
  return { provider: group.slice(0, slash), model: group.slice(slash + 1) };
}
