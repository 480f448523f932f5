import { from, lastValueFrom } from 'rxjs';
import { formatUsd } from '../common/money/format-usd.js';
import type { ChatResponse } from '../providers/chat/chat.js';
import { setAttemptHeaders } from './answer-headers.js';
import type { Call } from './call.js';
import { withCost } from './chat/with-cost.js';

/** Answers with one JSON body, which leaves when it is in the ledger. Rejects with `ApiError`. */
export async function answerUnary(call: Call): Promise<void> {
  const { response } = call.exchange;
  const attempts = call.attempts((target, request, to) => from(target.provider.chat(request, to)));
  const record = call.record(attempts);
  let chat: ChatResponse;
  try {
    chat = await lastValueFrom(attempts.values());
  } catch (error) {
    const told = call.errorOf(error);
    setAttemptHeaders(response, attempts.made, call.exchange.translation);
    await call.settleFailure(record.failed(told));
    throw told;
  }
  setAttemptHeaders(response, attempts.made, call.exchange.translation);
  record.answered(chat);
  const { costNanoUsd } = await call.settle(record.completed());
  const body = withCost(chat.body.text, costNanoUsd);
  call.answer?.append(body);
  await call.answer?.complete('application/json', call.requestId);
  if (call.exchange.left) return;
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(costNanoUsd === null ? {} : { 'x-llm-proxy-cost': formatUsd(costNanoUsd) }),
    })
    .end(body);
}
