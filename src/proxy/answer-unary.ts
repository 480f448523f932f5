import { lastValueFrom } from 'rxjs';
import { formatUsd } from '../common/money/format-usd.js';
import type { Outcome } from '../usage/admission.js';
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
  let text: string;
  let outcome: Outcome;
  try {
    whole = await lastValueFrom(attempts.values());
    record.answered(whole);
    const completed = record.completed();
    outcome = completed instanceof Promise ? await completed : completed;
    text = typeof whole.body === 'function' ? whole.body(outcome.usage) : whole.body.text;
  } catch (error) {
    const told = call.errorOf(error);
    setAttemptHeaders(response, attempts.made, call.exchange);
    await call.settleFailure(await record.failed(told));
    throw told;
  }
  setAttemptHeaders(response, attempts.made, call.exchange);
  const { costNanoUsd } = await call.settle(outcome);
  const body = withCost(text, costNanoUsd);
  if (beforeSent !== undefined) await beforeSent(whole, body);
  await deliver(call, { contentType: 'application/json', body, costNanoUsd });
}

export interface Delivery {
  readonly contentType: string;
  readonly body: string;
  readonly costNanoUsd: number | null;
}

/** Sends a whole answer that is in the ledger. Rejects with `ApiError`. */
export async function deliver<Input extends RouteInput>(
  call: Call<Input>,
  { contentType, body, costNanoUsd }: Delivery,
): Promise<void> {
  call.copy?.append(body);
  await call.answer?.complete(contentType, call.requestId);
  const { response, left } = call.exchange;
  if (left) return;
  response
    .writeHead(200, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      ...(costNanoUsd === null ? {} : { 'x-llm-proxy-cost': formatUsd(costNanoUsd) }),
    })
    .end(body);
}
