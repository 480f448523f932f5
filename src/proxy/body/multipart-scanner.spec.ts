import { describe, expect, it } from 'vitest';
import { MultipartScanner } from './multipart-scanner.js';
import { MultipartError } from './part-head.js';

interface Part {
  name: string;
  isFile: boolean;
  content: string;
  /** What stands at the places that were told. */
  placed: string;
}

function scan(body: string, boundary = 'B', size = body.length): Part[] {
  const bytes = Buffer.from(body);
  const parts: Part[] = [];
  let chunks: Buffer[] = [];
  let start = 0;
  const scanner = new MultipartScanner(boundary, {
    partBegan: (head, at) => {
      parts.push({ ...head, content: '', placed: '' });
      chunks = [];
      start = at;
    },
    content: (chunk) => void chunks.push(Buffer.from(chunk)),
    partEnded: (at) => {
      const part = parts.at(-1) as Part;
      part.content = Buffer.concat(chunks).toString();
      part.placed = bytes.toString('utf8', start, at);
    },
  });
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
  scanner.end();
  return parts;
}

const field = (name: string, value: string) =>
  `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (value: string) =>
  `--B\r\ncontent-disposition: form-data; name="file"; filename="a\\"b.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n${value}\r\n`;

describe(MultipartScanner.name, () => {
  const tricky = '\r\n--\r\n--b\r\n--\r\r\n-\r\nä€';
  const body = `${field('model', 'whisper-1')}${file(tricky)}${field('empty', '')}--B--\r\nthe rest`;

  it.each([1, 2, 3, 5, 7, 16, 64, 10_000])('finds the parts in pieces of %i bytes', (size) => {
    expect(scan(body, 'B', size)).toEqual([
      { name: 'model', isFile: false, content: 'whisper-1', placed: 'whisper-1' },
      { name: 'file', isFile: true, content: tricky, placed: tricky },
      { name: 'empty', isFile: false, content: '', placed: '' },
    ]);
  });

  it.each([
    ['a name without quotes', 'name=model'],
    ['spaces', 'name = "model" '],
    ['another order', 'filename*=UTF-8\'\'a; name="model"'],
    ['capitals', 'NAME="model"'],
  ])('reads %s', (_, parameters) => {
    const [part] = scan(`--B  \r\nContent-Disposition: form-data; ${parameters}\r\n\r\nx\r\n--B--`);
    expect(part).toMatchObject({ name: 'model', content: 'x' });
  });

  const head = (...lines: string[]) => `--B\r\n${lines.join('\r\n')}\r\n\r\nx\r\n--B--\r\n`;

  it.each<[string, string]>([
    ['nothing', ''],
    ['a preamble', `hello\r\n${body}`],
    ['another boundary', body.replaceAll('--B', '--C')],
    ['no end', field('model', 'x')],
    ['words after a boundary', body.replace('--B\r\n', '--Bad\r\n')],
    ['no headers', '--B\r\n\r\n\r\n\r\nx\r\n--B--'],
    ['no name', head('Content-Disposition: form-data')],
    ['no disposition', head('Content-Type: text/plain')],
    [
      'two dispositions',
      head(
        'Content-Disposition: form-data; name="a"',
        'content-disposition: form-data; name="model"',
      ),
    ],
    ['another kind of disposition', head('Content-Disposition: attachment; name="a"')],
    ['two names', head('Content-Disposition: form-data; name="a"; name="model"')],
    [
      'a name in another encoding',
      head('Content-Disposition: form-data; name="a"; name*=UTF-8\'\'model'),
    ],
    ['an escaped name', head('Content-Disposition: form-data; name="mo\\del"')],
    ['a folded header', head('Content-Disposition: form-data;', ' name="model"')],
    ['an open quote', head('Content-Disposition: form-data; name="model')],
    [
      'endless headers',
      head(`x: ${'y'.repeat(10_000)}`, 'Content-Disposition: form-data; name="a"'),
    ],
  ])('refuses %s', (_, text) => {
    for (const size of [1, 100_000]) expect(() => scan(text, 'B', size)).toThrow(MultipartError);
  });
});
