import { describe, expect, it } from 'vitest';
import type { ContentPart } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertContent } from './convert-content.js';

function convert(part: object) {
  const translation = new TranslationReport();
  const blocks = convertContent([part as ContentPart], translation, 'messages[0].content');
  return { blocks, report: translation.toString() };
}

const image = (url: string, rest: object = {}) => ({
  type: 'image_url',
  image_url: { url, ...rest },
});
const file = (members: object) => ({ type: 'file', file: members });
const base64 = (mediaType: string, data: string) => ({
  type: 'base64',
  media_type: mediaType,
  data,
});

describe(convertContent, () => {
  const cases: Array<[string, object, object, string]> = [
    [
      'an image within the message',
      image('data:image/webp;base64,AAAA', { detail: 'auto' }),
      { type: 'image', source: base64('image/webp', 'AAAA') },
      'messages.image_url.data=mapped',
    ],
    [
      'an image elsewhere',
      image('https://images.example/a.png', { detail: 'high' }),
      { type: 'image', source: { type: 'url', url: 'https://images.example/a.png' } },
      'messages.image_url.detail=dropped,messages.image_url.url=mapped',
    ],
    [
      'a PDF',
      file({ filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' }),
      { type: 'document', source: base64('application/pdf', 'JVBERi0='), title: 'a.pdf' },
      'messages.file.file_data=mapped',
    ],
    [
      'a PDF without a data URL',
      file({ file_data: 'JVBERi0=' }),
      { type: 'document', source: base64('application/pdf', 'JVBERi0=') },
      'messages.file.file_data=mapped',
    ],
    [
      'a PDF elsewhere',
      file({ file_data: 'https://files.example/a.pdf' }),
      { type: 'document', source: { type: 'url', url: 'https://files.example/a.pdf' } },
      'messages.file.file_data=mapped',
    ],
    [
      'a text',
      file({ filename: 'a.md', file_data: 'data:text/markdown;charset=utf-8;base64,SMOkIQ==' }),
      {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'Hä!' },
        title: 'a.md',
      },
      'messages.file.file_data=mapped',
    ],
    [
      'a file of its own',
      file({ file_id: 'file_011abc' }),
      { type: 'document', source: { type: 'file', file_id: 'file_011abc' } },
      'messages.file.file_id=mapped',
    ],
  ];

  it.each(cases)('takes %s', (_name, part, expected, report) => {
    expect(convert(part)).toEqual({ blocks: [expected], report });
  });

  it('reports a part that it does not know', () => {
    expect(convert({ type: 'video_url' })).toEqual({
      blocks: [],
      report: 'messages.video_url=dropped',
    });
  });

  it.each([
    ['audio', { type: 'input_audio', input_audio: {} }, 'input_audio', 'unsupported_parameter'],
    [
      'a file of another vendor',
      file({ file_id: 'file-1' }),
      'file.file_id',
      'unsupported_parameter',
    ],
    [
      'a file of another kind',
      file({ file_data: 'data:application/zip;base64,AAAA' }),
      'file.file_data',
      'unsupported_parameter',
    ],
    ['an image that is nowhere', image('pixel.png'), 'image_url.url', 'invalid_value'],
  ])('refuses %s', (_name, part, path, vendorCode) => {
    expect(() => convert(part)).toThrow(
      expect.objectContaining({
        kind: 'rejected',
        status: 400,
        vendorCode,
        param: `messages[0].content[0].${path}`,
      }),
    );
  });
});
