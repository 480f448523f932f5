import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * Headers of the page. Scripts and connections come from this origin only; a style element needs
 * the nonce, which the library has that keeps the page from scrolling behind a dialog.
 */
export function setPageHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  nonce: string,
): void {
  const setAll = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", `'nonce-${nonce}'`],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Whether a host is reached by TLS only is for whoever runs it to say.
    strictTransportSecurity: false,
  });
  setAll(request, response, done);
}

/** Headers of files and of the API: never guessed at, never shown by or to another origin. */
export const setDataHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
});

/** Helmet would hand an error on; ours has no part that could fail. */
function done(): void {}
