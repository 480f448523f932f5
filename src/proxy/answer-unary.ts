import { lastValueFrom } from 'rxjs';
import { formatUsd } from '../common/money/format-usd.js';
import { setAttemptHeaders } from './answer-headers.js';
import type { Call } from './call.js';
import type { Ask, RouteInput, WholeAnswer } from './route.js';
import { withCost } from './with-cost.js';

/**
 * Answers with one JSON body, which leaves when it is in the ledger. Rejects with `ApiError`.
 * @param beforeSent what else must be durable before a client sees the body
 */
export async function answerUnary<Input extends RouteInput, Answer extends WholeAnswer>(
  call: Call<Input>,
  ask: Ask<Input, Answer>,
  beforeSent?: (answer: Answer, body: string) => Promise<void>,
): Promise<void> {
  const { response } = call.exchange;
  const attempts = call.attempts(ask);
  const record = call.record(attempts);
  let whole: Answer;
  try {
    whole = await lastValueFrom(attempts.values());
  } catch (error) {
    const told = call.errorOf(error);
    setAttemptHeaders(response, attempts.made, call.exchange.translation);
    await call.settleFailure(record.failed(told));
    throw told;
  }
  setAttemptHeaders(response, attempts.made, call.exchange.translation);
  record.answered(whole);
  const { costNanoUsd } = await call.settle(record.completed());
  const body = withCost(whole.body.text, costNanoUsd);
  await beforeSent?.(whole, body);
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
