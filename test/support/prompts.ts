/** The messages of a request that every chat model takes. */
export const HELLO = [{ role: 'user', content: 'Hello' }];
