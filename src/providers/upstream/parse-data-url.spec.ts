import { describe, expect, it } from 'vitest';
import { isDataUrl, parseDataUrl, readDataUrl } from './parse-data-url.js';

const PATH = 'messages[0].content[1].image_url';

describe(parseDataUrl, () => {
  it.each([
    ['an image', 'data:image/png;base64,aGVsbG8=', 'image/png', 'aGVsbG8='],
    ['capital letters', 'DATA:Image/PNG;BASE64,aGVsbG8=', 'image/png', 'aGVsbG8='],
    ['more parameters', 'data:audio/wav; codecs=1 ;base64,aGVsbG8=', 'audio/wav', 'aGVsbG8='],
    ['a PDF', 'data:application/pdf;base64,JVBERi0=', 'application/pdf', 'JVBERi0='],
    ['no padding', 'data:image/png;base64,aGVsbG8', 'image/png', 'aGVsbG8='],
    ['the alphabet of URLs', 'data:image/png;base64,-_-_', 'image/png', '+/+/'],
    ['escapes', 'data:image/png;base64,%2B%2F%2B%2F', 'image/png', '+/+/'],
    ['line breaks', 'data:image/png;base64,aGVs\r\nbG8=\n', 'image/png', 'aGVsbG8='],
    ['plain text', 'data:image/svg+xml,%3Csvg/%3E', 'image/svg+xml', 'PHN2Zy8+'],
  ])('reads %s', (_name, url, mediaType, base64) => {
    expect(parseDataUrl(url, PATH)).toEqual({ mediaType, base64 });
  });

  it.each([
    ['text', 'data:text/html;base64,aGVsbG8='],
    ['no type', 'data:;base64,aGVsbG8='],
    ['a program', 'data:application/octet-stream;base64,aGVsbG8='],
    ['no data', 'data:image/png;base64,'],
    ['no comma', 'data:image/png;base64'],
    ['a comma that comes late', `data:image/png;${'x'.repeat(300)},aGVsbG8=`],
    ['no base64', 'data:image/png;base64,a*b!'],
    ['a digit too many', 'data:image/png;base64,aGVsb'],
    ['a wrong escape', 'data:image/png;base64,%zz'],
  ])('refuses %s', (_name, url) => {
    expect(() => parseDataUrl(url, PATH)).toThrow(
      expect.objectContaining({ kind: 'rejected', status: 400, param: PATH }),
    );
  });
});

describe(readDataUrl, () => {
  it.each([
    ['any type', 'data:text/csv;charset=utf-8;base64,YSxi', 'text/csv', 'YSxi'],
    ['no type', 'data:;base64,aGVsbG8=', 'text/plain', 'aGVsbG8='],
    ['capital letters', 'DATA:Image/PNG;BASE64,aGVsbG8=', 'image/png', 'aGVsbG8='],
    ['base64 as it was written', 'data:image/png;base64,-_-_', 'image/png', '-_-_'],
    ['plain text', 'data:,a%20b%2C%C3%BC', 'text/plain', 'YSBiLMO8'],
  ])('reads %s', (_name, url, mediaType, base64) => {
    expect(readDataUrl(url, PATH)).toEqual({ mediaType, base64 });
  });

  it.each([
    ['no comma', 'data:image/png;base64'],
    ['a wrong escape', 'data:text/plain,%zz'],
  ])('refuses %s', (_name, url) => {
    expect(() => readDataUrl(url, PATH)).toThrow(
      expect.objectContaining({ kind: 'rejected', status: 400, param: PATH }),
    );
  });
});

describe(isDataUrl, () => {
  it.each([
    ['data:,', true],
    ['DATA:image/png;base64,', true],
    ['https://host.example/data:', false],
    ['', false],
  ])('%s: %s', (url, expected) => {
    expect(isDataUrl(url)).toBe(expected);
  });
});
