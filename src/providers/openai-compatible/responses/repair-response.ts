import { findMember, scanObject } from '../../../common/json/json-text.js';
import { parseVerbatimJson } from '../../../common/json/parse-exact-json.js';
import { isObject, type JsonObject } from '../openai-api.js';
import { put } from '../repair-message.js';
import { hasMember } from '../scan-chunk.js';
import { fillAnnotation, fillItem, fillPart } from './fill-output-item.js';
import { fillResponse, NULLABLE } from './fill-response.js';

/** Puts a vendor's answers right, as JSON: the very same text where nothing is missing. */
export interface ResponsesRepair {
  response(json: string): string;
  /** Throws what a parser throws, for text that is not JSON. */
  event(name: string, json: string): string;
}

interface Filling {
  /** Whether the JSON has to be parsed for a closer look. */
  readonly suspects: (json: string) => boolean;
  /** Changes it in place; true when something was missing. */
  readonly fill: (value: JsonObject) => boolean;
}

/**
 * What some vendors leave out of it. As a value of the JSON and not in what somebody wrote, where
 * quotes are escaped.
 */
const OFTEN_INCOMPLETE = [
  '"url_citation"',
  '"web_search_call"',
  '"code_interpreter_call"',
  '"code_interpreter"',
] as const;

const ANY_DEPTH = { maxDepth: Number.MAX_SAFE_INTEGER };

const RESPONSE: Filling = {
  suspects: (json) => mentionsIncomplete(json) || lacksNullable(json),
  fill: fillResponse,
};
const ENVELOPE: Filling = {
  suspects: (json) => mentionsIncomplete(json) || lacksNullable(objectIn(json, 'response')),
  fill: within('response', fillResponse),
};
const ITEM: Filling = { suspects: mentionsIncomplete, fill: within('item', fillItem) };
const PART: Filling = { suspects: mentionsIncomplete, fill: within('part', fillPart) };
const ANNOTATION: Filling = {
  suspects: mentionsIncomplete,
  fill: within('annotation', fillAnnotation),
};
const TEXT: Filling = {
  suspects: (json) => !hasMember(json, 'logprobs"'),
  fill: (event) => !Array.isArray(event['logprobs']) && put(event, 'logprobs', []),
};

const EVENTS: ReadonlyMap<string, Filling> = new Map([
  ['response.created', ENVELOPE],
  ['response.queued', ENVELOPE],
  ['response.in_progress', ENVELOPE],
  ['response.completed', ENVELOPE],
  ['response.incomplete', ENVELOPE],
  ['response.output_item.added', ITEM],
  ['response.output_item.done', ITEM],
  ['response.content_part.added', PART],
  ['response.content_part.done', PART],
  ['response.output_text.annotation.added', ANNOTATION],
  ['response.output_text.delta', TEXT],
  ['response.output_text.done', TEXT],
]);

/**
 * For vendors that leave out of the Responses API what OpenAI's description requires. Members are
 * added and never changed, and what a vendor has that OpenAI has not stays as it is.
 */
export const FILLED_RESPONSES: ResponsesRepair = {
  response: (json) => filled(json, RESPONSE),
  event(name, json) {
    const filling = EVENTS.get(name);
    return filling === undefined ? json : filled(json, filling);
  },
};

function filled(json: string, { suspects, fill }: Filling): string {
  if (!suspects(json)) return json;
  // Costs and counts keep the digits that the vendor gave them.
  const value = parseVerbatimJson(json);
  return isObject(value) && fill(value) ? JSON.stringify(value) : json;
}

function within(member: string, fill: Filling['fill']): Filling['fill'] {
  return ({ [member]: value }) => isObject(value) && fill(value);
}

function mentionsIncomplete(json: string): boolean {
  return OFTEN_INCOMPLETE.some((name) => json.includes(name));
}

/** Of the object itself: tools and items may have members of the same names. */
function lacksNullable(json: string | undefined): boolean {
  if (json === undefined) return false;
  const object = scanObject(json, ANY_DEPTH);
  return NULLABLE.some((name) => findMember(object, name) === undefined);
}

function objectIn(json: string, name: string): string | undefined {
  const member = findMember(scanObject(json, ANY_DEPTH), name);
  if (member === undefined || json[member.valueStart] !== '{') return undefined;
  return json.slice(member.valueStart, member.valueEnd);
}
