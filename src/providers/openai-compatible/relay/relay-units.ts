import { countElements, findMember, type JsonObjectText } from '../../../common/json/json-text.js';
import type { RelayedEndpoint } from '../../contract/relay.js';
import type { UsageUnits } from '../../contract/usage-units.js';
import { isObject, type JsonObject } from '../openai-api.js';

/** What a `usage` or `meta` object counts that is no token. */
export function unitsInUsage(raw: JsonObject): UsageUnits {
  const billed = isObject(raw['billed_units']) ? raw['billed_units'] : {};
  return {
    // OpenAI says `seconds`, Mistral the other.
    ...counted('audioSecond', raw['seconds'] ?? raw['prompt_audio_seconds']),
    ...counted('search', billed['search_units']),
  };
}

/**
 * What a whole answer shows without saying that it counts it: its pictures, the length of the sound
 * it is of. Pictures make it tens of megabytes, so they are counted in the text.
 */
export function unitsInAnswer(
  text: string,
  members: JsonObjectText,
  endpoint: RelayedEndpoint,
): UsageUnits {
  const member = (key: string): string | undefined => {
    const found = findMember(members, key);
    return found && text.slice(found.valueStart, found.valueEnd);
  };
  if (isOfAudio(endpoint)) return counted('audioSecond', parseSmall(member('duration')));
  const data = isOfImages(endpoint) ? findMember(members, 'data') : undefined;
  if (data === undefined || text[data.valueStart] !== '[') return {};
  return {
    image: countElements(text, data.valueStart, data.valueEnd),
    ...formOf({ size: parseSmall(member('size')), quality: parseSmall(member('quality')) }),
  };
}

/** Of one event that says that a picture, or a transcript, is done. */
export function unitsInEvent(event: JsonObject, endpoint: RelayedEndpoint): UsageUnits {
  if (isOfAudio(endpoint)) return counted('audioSecond', event['duration']);
  return isOfImages(endpoint) ? { image: 1, ...formOf(event) } : {};
}

function isOfImages(endpoint: RelayedEndpoint): boolean {
  return endpoint === 'images/generations' || endpoint === 'images/edits';
}

function isOfAudio(endpoint: RelayedEndpoint): boolean {
  return endpoint === 'audio/transcriptions' || endpoint === 'audio/translations';
}

function formOf({ size, quality }: JsonObject): UsageUnits {
  return {
    ...(typeof size === 'string' && { imageSize: size }),
    ...(typeof quality === 'string' && { imageQuality: quality }),
  };
}

/** Whole units: what has begun counts. Some say it in a string. */
function counted(unit: 'audioSecond' | 'search', value: unknown): UsageUnits {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isFinite(count) || count < 0) return {};
  return { [unit]: Math.ceil(count) };
}

/** Of a member that is a number or a word. */
function parseSmall(text: string | undefined): unknown {
  if (text === undefined || text.length > 64) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
