import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { defer, of, type Observable } from 'rxjs';
import type { Principal } from '../../auth/principal.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import { findNative } from '../find-native.js';
import type { Ask, Route, WholeAnswer } from '../route.js';
import { ResponsesInput } from './responses-input.js';
import { ResponseStore } from './store/response-store.js';

/**
 * `POST /v1/responses/input_tokens`: the vendor's own count where it has one, else an estimate,
 * which the header `x-llm-proxy-translation` tells.
 */
@Injectable()
export class InputTokensRoute implements Route<ResponsesInput> {
  readonly dialect = 'responses';
  readonly isFree = true;

  constructor(private readonly store: ResponseStore) {}

  read(body: JsonBody, request: Request): Promise<ResponsesInput> {
    const { clientId } = request.principal as Principal;
    return ResponsesInput.read(body, this.store, clientId);
  }

  answer(call: Call<ResponsesInput>): Promise<void> {
    return answerUnary(call, countTokens);
  }
}

const countTokens: Ask<ResponsesInput, WholeAnswer> = (target, to, { input }) =>
  defer((): Observable<WholeAnswer> | Promise<WholeAnswer> => {
    const native = findNative(target, 'responses');
    if (native?.countTokens !== undefined) {
      return native.countTokens(input.questionFor(target, to.translation), to);
    }
    const count = input.estimateInputTokens();
    to.translation.note('input_tokens', 'approximated');
    const text = JSON.stringify({ object: 'response.input_tokens', input_tokens: count });
    return of({ body: { text } });
  });
