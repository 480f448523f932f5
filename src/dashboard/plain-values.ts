/** A body as it is stored: plain objects, without what was not given. */
export function plainValues(body: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
}
