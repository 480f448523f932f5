import { Breaches } from './grammar/breaches.js';
import { checkChatGrammar } from './grammar/chat-grammar.js';
import { checkMessagesGrammar } from './grammar/messages-grammar.js';
import { checkResponsesGrammar } from './grammar/responses-grammar.js';
import { readRecords, type SentRecord } from './grammar/sent-records.js';
import { CHAT_ONLY } from './every-source.js';
import { isResponsesApi, type NativeRecording, type NativeSource } from './native-sources.js';

type Check = (records: readonly SentRecord[], breaches: Breaches) => void;

/** A way to ask for an answer, and what holds of its stream. */
export interface ClientRoute {
  readonly name: string;
  readonly path: string;
  /** Of the body, besides `model` and `stream`. */
  readonly question: object;
  /** Of the body of a request for a stream. */
  readonly streaming?: object;
  readonly check: Check;
  /** How a stream says that it failed. */
  readonly failure: RegExp;
  /** What only a whole stream has. */
  readonly end: string;
}

const messages = [{ role: 'user', content: 'Again.' }];
const wantsUsage = { stream_options: { include_usage: true } };

/** Of the dialects that have no names for their events. */
const UNNAMED = { failure: /\ndata: \{"error":\{[^\n]*\n\n$/, end: '[DONE]' } as const;

const CHAT: ClientRoute = {
  ...UNNAMED,
  name: 'chat',
  path: '/v1/chat/completions',
  question: { messages },
  streaming: wantsUsage,
  check: (records, breaches) => {
    checkChatGrammar(records, { object: 'chat.completion.chunk', wantsUsage: true }, breaches);
  },
};

const RESPONSES: ClientRoute = {
  name: 'responses',
  path: '/v1/responses',
  question: { input: 'Again.' },
  check: checkResponsesGrammar,
  failure: /\nevent: error\ndata: .*\n\nevent: response\.failed\ndata: [^\n]*\n\n$/,
  end: 'response.completed',
};

export const CLIENT_ROUTES: readonly ClientRoute[] = [
  CHAT,
  {
    ...CHAT,
    name: 'chat without usage',
    streaming: {},
    check: (records, breaches) => {
      checkChatGrammar(records, { object: 'chat.completion.chunk', wantsUsage: false }, breaches);
    },
  },
  {
    name: 'messages',
    path: '/v1/messages',
    question: { messages, max_tokens: 100 },
    check: checkMessagesGrammar,
    failure: /\nevent: error\ndata: [^\n]*\n\n$/,
    end: 'message_stop',
  },
  RESPONSES,
  {
    ...UNNAMED,
    name: 'completions',
    path: '/v1/completions',
    question: { prompt: 'Again.' },
    streaming: wantsUsage,
    check: (records, breaches) => {
      checkChatGrammar(records, { object: 'text_completion', wantsUsage: true }, breaches);
    },
  },
];

/** What a recording of a vendor's Responses API can answer is only that. */
export function canAnswer(recording: NativeRecording, route: ClientRoute): boolean {
  return route === RESPONSES || !isResponsesApi(recording);
}

/** Who is asked: a vendor that speaks the dialect itself would be asked for another recording. */
export function askedFor(recording: NativeRecording, route: ClientRoute): NativeSource {
  const { source } = recording;
  const isTranslated = route.name === 'responses' || route.name === 'completions';
  return isTranslated && source.framing.done === true ? CHAT_ONLY : source;
}

/** The body of the request that the recording answers. */
export function requestFor(recording: NativeRecording, route: ClientRoute): object {
  const { instance, model } = askedFor(recording, route);
  return {
    model: `${instance}/${model}`,
    ...route.question,
    ...(recording.stream && { stream: true, ...route.streaming }),
  };
}

export function breachesOf(route: ClientRoute, bytes: Uint8Array): Breaches {
  const breaches = new Breaches();
  route.check(readRecords(bytes, breaches), breaches);
  return breaches;
}
