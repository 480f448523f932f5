import { defer, map, type Observable } from 'rxjs';
import type { ChatDelta, ChatUsage } from '../../providers/chat/chat.js';
import type { CompletionRecord } from '../../providers/completions/completions.js';
import { answerStream, type Streaming } from '../answer-stream.js';
import { answerUnary } from '../answer-unary.js';
import { findNative } from '../find-native.js';
import type { Ask, Route, WholeAnswer } from '../route.js';
import { CompletionsInput } from './completions-input.js';
import { CompletionsStream } from './completions-stream.js';
import { convertToCompletion } from './convert-to-completion.js';

type Step = ChatDelta | CompletionRecord;

/** `POST /v1/completions`: natively where the vendor still has them, and by chat everywhere else. */
export const COMPLETIONS_ROUTE: Route<CompletionsInput> = {
  dialect: 'completions',
  takesModels: true,
  read: (body) => new CompletionsInput(body),
  answer: (call, streams) =>
    call.input.stream ? answerStream(call, STREAMING, streams) : answerUnary(call, complete),
};

const complete: Ask<CompletionsInput, WholeAnswer> = (target, to, { input }) => {
  const native = findNative(target, 'completions');
  if (native !== undefined) {
    return defer(() => native.answer(input.nativeRequestFor(target), to));
  }
  return defer(() => target.provider.chat(input.chatRequestFor(target, to.translation), to)).pipe(
    map((answer) => convertToCompletion(answer, input.echo)),
  );
};

// No reasoning is remembered: it belongs to tool calls, and here there are none.
const STREAMING: Streaming<CompletionsInput, Step> = {
  ask: (target, to, { input }): Observable<Step | ChatUsage> => {
    const native = findNative(target, 'completions');
    return defer((): Observable<Step | ChatUsage> =>
      native === undefined
        ? target.provider.streamChat(input.chatRequestFor(target, to.translation), to)
        : native.stream(input.nativeRequestFor(target), to),
    );
  },
  write: (events, { input }) => new CompletionsStream(events, input),
};
