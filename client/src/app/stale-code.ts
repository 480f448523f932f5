/**
 * Whether a part of the page could not be loaded. After an upgrade the parts that an open page
 * knows are gone from the server; the words are those of the three browser engines.
 */
export function isStaleCode(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|Importing a module script failed|Unable to preload/i.test(
      error.message,
    )
  );
}
