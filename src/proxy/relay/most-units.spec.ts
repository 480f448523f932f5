import { describe, expect, it } from 'vitest';
import { scanObject } from '../../common/json/json-text.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import { SPEECH_ROUTE, TRANSCRIPTIONS_ROUTE } from '../audio/audio.routes.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Upload } from '../body/upload.js';
import { IMAGE_EDITS_ROUTE, IMAGES_ROUTE } from '../images/images.routes.js';
import { RERANK_ROUTE } from '../rerank/rerank.route.js';
import type { RouteInput, Route, UploadRoute } from '../route.js';

function bodyOf(value: object): JsonBody {
  const text = JSON.stringify(value);
  return { text, members: scanObject(text, { maxDepth: 10 }), value };
}

function formOf(length: number | undefined, n?: string): Upload {
  const pictures = { n, size: undefined, quality: undefined };
  return { model: 'm', length, pictures } as unknown as Upload;
}

describe('the units that a request may use at most', () => {
  it.each<[string, Route<RouteInput>, object, UsageUnits]>([
    ['characters', SPEECH_ROUTE, { input: 'Grüße 👋' }, { character: 7 }],
    ['one picture', IMAGES_ROUTE, { prompt: 'x' }, { image: 1 }],
    ['as many as are asked for', IMAGES_ROUTE, { prompt: 'x', n: 4 }, { image: 4 }],
    ['a search', RERANK_ROUTE, { query: 'x', documents: Array(100).fill('a') }, { search: 1 }],
    ['one more', RERANK_ROUTE, { query: 'x', documents: Array(101).fill('a') }, { search: 2 }],
    [
      'long documents as several',
      RERANK_ROUTE,
      { query: 'x', documents: [{ text: 'a'.repeat(500 * 100) }] },
      { search: 2 },
    ],
  ])('are known of a body: %s', async (_, route, members, most) => {
    const body = bodyOf({ model: 'm', ...members });
    const input = await route.read(body, undefined as never);
    expect(input.mostUnits).toEqual(most);
  });

  it.each<[string, UploadRoute<RouteInput>, Upload, UsageUnits]>([
    ['seconds', TRANSCRIPTIONS_ROUTE, formOf(12_001), { audioSecond: 13 }],
    ['nobody knows how many', TRANSCRIPTIONS_ROUTE, formOf(undefined), {}],
    ['the pictures asked for', IMAGE_EDITS_ROUTE, formOf(9, '3'), { image: 3 }],
    ['all that can be asked for', IMAGE_EDITS_ROUTE, formOf(9), { image: 10 }],
    ['likewise', IMAGE_EDITS_ROUTE, formOf(9, 'many'), { image: 10 }],
  ])('are known of a form: %s', (_, route, upload, most) => {
    expect(route.readUpload(upload).mostUnits).toEqual(most);
  });
});
