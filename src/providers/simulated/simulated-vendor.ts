import { generateFromSchema } from './generate-from-schema.js';
import type {
  SimulatedEnd,
  SimulatedPiece,
  SimulatedRequest,
  SimulatedTally,
} from './simulated-api.js';
import { BROKEN_TEXT, MARKDOWN, SLOW_TEXT, THOUGHTS } from './simulated-texts.js';
import { splitText } from './split-text.js';

const CHARACTERS_PER_TOKEN = 4;

/** The vendor itself: a request's whole answer, made piece by piece as it is read. */
export function* answerSimulated(request: SimulatedRequest): Generator<SimulatedPiece> {
  if (request.behaviour === 'error-mid-stream') {
    yield { kind: 'begin', answer: 0 };
    yield* written('text', 0, BROKEN_TEXT);
  }
  if (isFault(request)) {
    yield { kind: 'fault', fault: request.behaviour };
    return;
  }
  const answer = compose(request);
  for (let index = 0; index < request.answers; index += 1) {
    yield { kind: 'begin', answer: index };
    yield* written('thought', index, answer.thoughts);
    yield* written('text', index, answer.text);
    yield* called(request, index);
    yield { kind: 'end', answer: index, why: answer.why };
  }
  yield { kind: 'tally', tally: tallyOf(request, answer) };
}

interface Answer {
  readonly thoughts: string;
  readonly text: string;
  readonly why: SimulatedEnd;
}

function isFault(
  request: SimulatedRequest,
): request is SimulatedRequest & { behaviour: `error-${string}` } {
  return request.behaviour.startsWith('error-');
}

function compose(request: SimulatedRequest): Answer {
  if (request.calls.length > 0) return { thoughts: '', text: '', why: 'calling' };
  const whole = stopAt(textOf(request), request.stop);
  const limit = (request.maxTokens ?? Infinity) * CHARACTERS_PER_TOKEN;
  const allThoughts = request.behaviour === 'reasoning' ? THOUGHTS : '';
  const thoughts = cut(allThoughts, limit);
  // Each of the two is rounded up to whole tokens, so what is left is a number of whole tokens too.
  const text = cut(whole, limit - tokensOf(thoughts) * CHARACTERS_PER_TOKEN);
  return { thoughts, text, why: thoughts + text === allThoughts + whole ? 'finished' : 'cut' };
}

function textOf(request: SimulatedRequest): string {
  if (request.json === true) return JSON.stringify({ answer: plainTextOf(request) });
  if (request.json !== undefined) return JSON.stringify(generateFromSchema(request.json));
  return plainTextOf(request);
}

function plainTextOf(request: SimulatedRequest): string {
  if (request.toolResults.length > 0) {
    return `The tools answered: ${request.toolResults.map((result) => `"${result}"`).join(', ')}.`;
  }
  if (request.behaviour === 'markdown') return MARKDOWN;
  if (request.behaviour === 'slow') return SLOW_TEXT;
  return request.lastText;
}

function stopAt(text: string, stops: readonly string[]): string {
  const ends = stops.filter((stop) => stop !== '').map((stop) => text.indexOf(stop));
  return text.slice(0, Math.min(text.length, ...ends.filter((end) => end >= 0)));
}

/** Never through the middle of a character. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = Math.max(0, limit);
  const isHalf = /[\uD800-\uDBFF]/.test(text[end - 1] ?? '');
  return text.slice(0, isHalf ? end - 1 : end);
}

function* written(
  kind: 'text' | 'thought',
  answer: number,
  text: string,
): Generator<SimulatedPiece> {
  for (const part of splitText(text)) yield { kind, answer, text: part };
}

function* called(request: SimulatedRequest, answer: number): Generator<SimulatedPiece> {
  for (const [position, { name, schema }] of request.calls.entries()) {
    const id = `call_${request.seed}_${answer}_${position}`;
    yield { kind: 'call', answer, position, id, tool: name };
    for (const text of splitText(inputOf(schema))) yield { kind: 'input', answer, position, text };
  }
}

function inputOf(schema: unknown): string {
  const input = generateFromSchema(schema);
  return JSON.stringify(typeof input === 'object' && input !== null ? input : {});
}

function tallyOf(request: SimulatedRequest, answer: Answer): SimulatedTally {
  const inputs = request.calls.map(({ name, schema }) => tokensOf(name + inputOf(schema)));
  const perAnswer = inputs.reduce((sum, tokens) => sum + tokens, tokensOf(answer.text));
  return {
    read: Math.max(1, Math.ceil(request.promptCharacters / CHARACTERS_PER_TOKEN)),
    thought: tokensOf(answer.thoughts) * request.answers,
    written: perAnswer * request.answers,
  };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
