import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from '../../auth/principal.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Flow } from '../../providers/contract/flow.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import { TranslationReport } from '../../providers/contract/translation.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { findNative } from '../find-native.js';
import { forwardedHeaders } from '../forwarded-headers.js';
import { providerErrorToApiError } from '../provider-error-to-api-error.js';
import { pageOf, type ItemPage, type PageQuery } from './item-page.js';
import type { ResponsesItem } from './responses-api.js';
import { ClientHistory } from './store/client-history.js';
import { ResponseStore, type FoundResponse, type KeptResponse } from './store/response-store.js';

/** The responses that are stored, as their clients read and delete them. */
@Injectable()
export class ResponseObjects {
  constructor(
    private readonly store: ResponseStore,
    private readonly registry: ProviderRegistry,
  ) {}

  /** @throws ApiError `not_found` */
  async get(request: Request, id: string): Promise<KeptResponse['response']> {
    const { kept } = await this.#find(request, id);
    if (kept === undefined) throw notFound(id);
    return kept.response;
  }

  /**
   * All that the model read for a response, the latest first when nothing else is asked for.
   * @throws ApiError `not_found`, `invalid_value`
   */
  async inputItems(request: Request, id: string, query: PageQuery): Promise<ItemPage> {
    const { clientId } = request.principal as Principal;
    await this.#find(request, id);
    const history = new ClientHistory(this.store, clientId);
    const stored = await history.find(id);
    if (stored === undefined || !history.isWhole) throw notFound(id);
    return pageOf(
      stored.input.map((item, index) => withId(item, `${id.replace(/^resp_/, '')}_in${index}`)),
      query,
    );
  }

  /**
   * Removes it here and, where the answer was a vendor's own, from there first.
   * @throws ApiError `not_found`, `ledger_unavailable`, and what became of the vendor
   */
  async remove(request: Request, id: string): Promise<object> {
    const { clientId } = request.principal as Principal;
    const found = await this.#find(request, id);
    await this.#removeAtVendor(request, found);
    await this.store.remove(clientId, id);
    return { id, object: 'response', deleted: true };
  }

  /**
   * Only what is made in the background could be stopped, and none is: see `ResponsesInput`.
   * @throws ApiError always: `not_found`, `invalid_value`
   */
  async cancel(request: Request, id: string): Promise<never> {
    await this.#find(request, id);
    // As OpenAI says it, without a code.
    throw new ApiError('invalid_value', 'Cannot cancel a synchronous response.', {
      wireCode: null,
    });
  }

  async #find(request: Request, id: string): Promise<FoundResponse> {
    const { clientId } = request.principal as Principal;
    const found = await this.store.find(clientId, id);
    if (found === undefined) throw notFound(id);
    return found;
  }

  /** An instance that is configured no more cannot be asked. */
  async #removeAtVendor(request: Request, { id, instance: name }: FoundResponse): Promise<void> {
    const registered = name === null ? undefined : this.registry.find(name);
    const native = registered && findNative({ ...registered, model: '' }, 'responses');
    if (registered === undefined || native?.forget === undefined) return;
    try {
      await native.forget(id, {
        instance: registered.instance,
        model: '',
        requestId: request.context.requestId,
        signal: new AbortController().signal,
        flow: new Flow(),
        headers: forwardedHeaders(request.headers),
        translation: new TranslationReport(),
      });
    } catch (error) {
      throw error instanceof ProviderError ? providerErrorToApiError(error) : error;
    }
  }
}

/** The same words whether it is unknown or somebody else's. */
function notFound(id: string): ApiError {
  return new ApiError('not_found', `There is no response with the id '${id.slice(0, 128)}'.`);
}

/** Messages may come without their type, and items without an id. */
function withId(item: ResponsesItem, suffix: string): ResponsesItem {
  return { ...item, type: item.type ?? 'message', id: item.id ?? `item_${suffix}` };
}
