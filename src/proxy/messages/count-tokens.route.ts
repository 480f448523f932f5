import { defer, of, type Observable } from 'rxjs';
import { answerUnary } from '../answer-unary.js';
import { findNative } from '../find-native.js';
import type { Ask, Route, WholeAnswer } from '../route.js';
import { estimateInputTokens } from './measure-messages-request.js';
import { MessagesInput } from './messages-input.js';
import { parseCountTokensRequest } from './parse-messages-request.js';

/**
 * `POST /v1/messages/count_tokens`: the vendor's own count where it has one, else an estimate,
 * which the header `x-llm-proxy-translation` tells.
 */
export const COUNT_TOKENS_ROUTE: Route<MessagesInput> = {
  dialect: 'messages',
  isFree: true,
  read: (body) => new MessagesInput(body, parseCountTokensRequest(body.value)),
  answer: (call) => answerUnary(call, countTokens),
};

const countTokens: Ask<MessagesInput, WholeAnswer> = (target, to, { input }) =>
  defer((): Observable<WholeAnswer> | Promise<WholeAnswer> => {
    const native = findNative(target, 'messages');
    if (native?.countTokens !== undefined) {
      return native.countTokens(input.nativeRequestFor(target, to), to);
    }
    to.translation.note('input_tokens', 'approximated');
    return of({ body: { text: JSON.stringify(estimateInputTokens(input.request)) } });
  });
