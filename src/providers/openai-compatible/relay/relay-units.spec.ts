import { describe, expect, it } from 'vitest';
import { scanObject } from '../../../common/json/json-text.js';
import type { RelayedEndpoint } from '../../contract/relay.js';
import type { UsageUnits } from '../../contract/usage-units.js';
import { unitsInAnswer, unitsInEvent } from './relay-units.js';

const read = (answer: object, endpoint: RelayedEndpoint) => {
  const text = JSON.stringify(answer, null, 1);
  return unitsInAnswer(text, scanObject(text, { maxDepth: 10 }), endpoint);
};

describe(unitsInAnswer.name, () => {
  it.each<[string, RelayedEndpoint, object, UsageUnits]>([
    ['no pictures', 'images/generations', { data: [] }, { image: 0 }],
    [
      'two pictures, commas and brackets in their text',
      'images/generations',
      { data: [{ url: 'https://a/],[{,"' }, { b64_json: 'AAAA', tags: ['a', 'b'] }] },
      { image: 2 },
    ],
    [
      'the form of pictures',
      'images/edits',
      { size: '1024x1024', quality: 'high', data: [{ b64_json: 'AA' }] },
      { image: 1, imageSize: '1024x1024', imageQuality: 'high' },
    ],
    ['pictures that are no list', 'images/generations', { data: { url: 'x' } }, {}],
    ['seconds, the last begun', 'audio/transcriptions', { duration: 8.47 }, { audioSecond: 9 }],
    ['seconds in words', 'audio/translations', { duration: '8.470000' }, { audioSecond: 9 }],
    ['no seconds', 'audio/transcriptions', { text: 'x', duration: null }, {}],
    ['negative seconds', 'audio/transcriptions', { duration: -1 }, {}],
    ['a duration of something else', 'rerank', { duration: 8 }, {}],
    ['data of something else', 'moderations', { data: [1, 2] }, {}],
  ])('sees %s', (_, endpoint, answer, units) => {
    expect(read(answer, endpoint)).toEqual(units);
  });
});

describe(unitsInEvent.name, () => {
  it('takes the end of a picture for one', () => {
    const event = { type: 'image_generation.completed', size: '1024x1024' };
    expect(unitsInEvent(event, 'images/generations')).toEqual({ image: 1, imageSize: '1024x1024' });
    expect(unitsInEvent({ type: 'transcript.text.done' }, 'audio/transcriptions')).toEqual({});
  });
});
