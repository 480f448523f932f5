import { ApiError } from '../../../common/errors/api-error.js';
import type { ResponsesItem, ResponsesRequest } from '../responses-api.js';
import { unsupportedParameter } from '../unsupported-parameter.js';
import type { ResponsesHistory } from './responses-history.js';

/** An item of the conversation and where the client wrote it, or referred to it. */
export interface LocatedItem {
  readonly item: ResponsesItem;
  readonly path: string;
}

/**
 * The whole conversation that a request is about, in its order: what it refers to, then what it
 * says itself.
 * @param history absent where nothing is stored
 * @throws ApiError `unsupported_parameter`, `not_found`, `invalid_value`
 */
export async function resolveInput(
  request: ResponsesRequest,
  history?: ResponsesHistory,
): Promise<LocatedItem[]> {
  if (request.store === true && history === undefined) throw notStored('store');
  const earlier = await findEarlier(request.previous_response_id, history);
  const { input } = request;
  if (input == null && request.previous_response_id == null) {
    throw new ApiError('invalid_value', "Invalid value for 'input': it is required.", {
      param: 'input',
    });
  }
  if (typeof input === 'string') {
    return [...earlier, { item: { role: 'user', content: input }, path: 'input' }];
  }
  const own = (input ?? []).map((item, index) =>
    resolveReference({ item, path: `input[${index}]` }, history),
  );
  return [...earlier, ...(await Promise.all(own))];
}

async function findEarlier(
  id: string | null | undefined,
  history: ResponsesHistory | undefined,
): Promise<LocatedItem[]> {
  if (id == null) return [];
  const path = 'previous_response_id';
  if (history === undefined) throw notStored(path);
  const stored = await history.find(id);
  if (stored === undefined) throw notFound('response', path);
  return [...stored.input, ...stored.output].map((item) => ({ item, path }));
}

async function resolveReference(
  located: LocatedItem,
  history: ResponsesHistory | undefined,
): Promise<LocatedItem> {
  const { item, path } = located;
  if (!isReference(item)) return located;
  if (history === undefined) throw notStored(path);
  const referred = await history.findItem(item.id);
  if (referred === undefined) throw notFound('item', `${path}.id`);
  return { item: referred, path };
}

function isReference(item: ResponsesItem): item is ResponsesItem & { id: string } {
  const hasType = item.type === 'item_reference';
  return typeof item.id === 'string' && (hasType || (item.type == null && !('role' in item)));
}

function notStored(param: string): ApiError {
  return unsupportedParameter(param, 'Responses are not stored here; send the whole conversation.');
}

function notFound(what: string, param: string): ApiError {
  return new ApiError('not_found', `There is no ${what} with the id given in '${param}'.`, {
    param,
  });
}
