import type { Request, Response } from 'express';
import { setDataHeaders } from './page-headers.js';
import type { WebFile } from './web-files.js';

const YEAR_SECONDS = 31_536_000;
const HOUR_SECONDS = 3_600;

/** Answers with a file in the shortest form that the browser reads. */
export async function sendFile(request: Request, response: Response, file: WebFile): Promise<void> {
  const encoding = file.encodings.find((each) => request.acceptsEncodings(each) !== false);
  const content = await file.read(encoding);
  setDataHeaders(request, response, () => undefined);
  response.setHeader('content-type', file.contentType);
  response.setHeader(
    'cache-control',
    file.isHashed
      ? `public, max-age=${YEAR_SECONDS}, immutable`
      : `public, max-age=${HOUR_SECONDS}`,
  );
  response.vary('accept-encoding');
  if (encoding !== undefined) response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', content.length);
  response.end(request.method === 'HEAD' ? undefined : content);
}
