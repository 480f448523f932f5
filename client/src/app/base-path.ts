/** What every address of the page begins with, without a trailing slash; empty at the root. */
export const BASE_PATH = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

/** The nonce that the content security policy of this page allows for style elements. */
export const CSP_NONCE = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
