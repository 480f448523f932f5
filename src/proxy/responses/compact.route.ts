import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { defer, throwError, type Observable } from 'rxjs';
import type { Principal } from '../../auth/principal.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import { findNative } from '../find-native.js';
import type { Ask, Route, WholeAnswer } from '../route.js';
import { ResponsesInput } from './responses-input.js';
import { ResponseStore } from './store/response-store.js';

/**
 * `POST /v1/responses/compact`: only where the vendor has it, because what it makes of a
 * conversation is sealed, and nobody else can read it.
 */
@Injectable()
export class CompactRoute implements Route<ResponsesInput> {
  readonly dialect = 'responses';
  readonly takesMaximum = false;

  constructor(private readonly store: ResponseStore) {}

  serves(target: RouteTarget): boolean {
    return findNative(target, 'responses')?.compact !== undefined;
  }

  read(body: JsonBody, request: Request): Promise<ResponsesInput> {
    const { clientId } = request.principal as Principal;
    return ResponsesInput.read(body, this.store, clientId);
  }

  answer(call: Call<ResponsesInput>): Promise<void> {
    return answerUnary(call, compact);
  }
}

const compact: Ask<ResponsesInput, WholeAnswer> = (target, to, { input }) =>
  defer(
    (): Observable<WholeAnswer> | Promise<WholeAnswer> =>
      findNative(target, 'responses')?.compact?.(input.questionFor(target, to.translation), to) ??
      // Its instance got another type after the target was chosen.
      throwError(() => {
        return new ProviderError('unavailable', 'The provider of this model cannot do this.');
      }),
  );
