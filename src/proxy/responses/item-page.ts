import { ApiError } from '../../common/errors/api-error.js';
import type { ResponsesItem } from './responses-api.js';

/** As it stands in the address. */
export interface PageQuery {
  readonly limit?: unknown;
  readonly order?: unknown;
  readonly after?: unknown;
}

export interface ItemPage {
  readonly object: 'list';
  readonly data: readonly ResponsesItem[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/**
 * @param items oldest first
 * @throws ApiError `invalid_value`
 */
export function pageOf(items: readonly ResponsesItem[], query: PageQuery): ItemPage {
  const { after } = query;
  const ordered = parseOrder(query.order) === 'asc' ? items : items.toReversed();
  const before = after === undefined ? -1 : ordered.findIndex(({ id }) => id === after);
  if (after !== undefined && before < 0) throw invalid('after', 'there is no such item');
  const end = before + 1 + parseLimit(query.limit);
  const data = ordered.slice(before + 1, end);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: end < ordered.length,
  };
}

function parseOrder(order: unknown): 'asc' | 'desc' {
  if (order === undefined || order === 'desc') return 'desc';
  if (order === 'asc') return order;
  throw invalid('order', 'it must be asc or desc');
}

function parseLimit(limit: unknown): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  const count = Number(limit);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_LIMIT) return count;
  throw invalid('limit', `it must be a whole number from 1 to ${MAX_LIMIT}`);
}

function invalid(param: string, reason: string): ApiError {
  return new ApiError('invalid_value', `Invalid value for '${param}': ${reason}.`, { param });
}
