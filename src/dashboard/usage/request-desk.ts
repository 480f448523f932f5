import { Injectable } from '@nestjs/common';
import { requireRole } from '../../auth/require-role.js';
import { ApiError } from '../../common/errors/api-error.js';
import { BodyReader } from '../../usage/bodies/body-reader.js';
import { UsageNames } from '../../usage/queries/usage-names.js';
import { RequestBodyStates } from '../../usage/requests/request-body-states.js';
import { RequestDetailsReader } from '../../usage/requests/request-details.js';
import { RequestList } from '../../usage/requests/request-list.js';
import { requestBodiesView, type RequestBodiesView } from './request-bodies.view.js';
import { requestDetailsView, type RequestDetailsView } from './request-details.view.js';
import { filterOf, type RequestFilterQuery } from './request-filter.query.js';
import { placeOf, type RequestListQuery } from './request-list.query.js';
import { requestPage, type RequestPage } from './request-row.view.js';
import { wholeRangeOf } from './usage-range.query.js';

/** Requests as people see them: with the names of their clients, and what may be known of their bodies. */
@Injectable()
export class RequestDesk {
  constructor(
    private readonly requests: RequestList,
    private readonly details: RequestDetailsReader,
    private readonly states: RequestBodyStates,
    private readonly bodies: BodyReader,
    private readonly names: UsageNames,
  ) {}

  /** @throws ApiError `invalid_value`, `insufficient_permissions` */
  async list(query: RequestListQuery): Promise<RequestPage> {
    const { text, limit } = query;
    // Whoever finds words in bodies has read them.
    if (text !== undefined) requireRole('operator');
    const found = await this.requests.page({
      filter: filterOf(query),
      range: wholeRangeOf(query),
      text,
      behind: placeOf(query),
      limit,
    });
    return requestPage(found, await this.names.ofClients());
  }

  /** @throws ApiError `not_found` */
  async get(id: string, query: RequestFilterQuery): Promise<RequestDetailsView> {
    const details = await this.details.find(id);
    if (details === undefined) throw unknownRequest();
    const { entry } = details;
    const [bodies, neighbours, clients] = await Promise.all([
      this.states.of(entry),
      this.requests.neighboursOf(entry, { filter: filterOf(query), range: wholeRangeOf(query) }),
      this.names.ofClients(),
    ]);
    return requestDetailsView({ details, bodies, neighbours, clients });
  }

  /** @throws ApiError `not_found` */
  async bodiesOf(id: string): Promise<RequestBodiesView> {
    const bodies = await this.bodies.of(id);
    if (bodies.length === 0 && (await this.details.find(id)) === undefined) throw unknownRequest();
    return requestBodiesView(bodies);
  }
}

function unknownRequest(): ApiError {
  return new ApiError('not_found', 'There is no such request.');
}
