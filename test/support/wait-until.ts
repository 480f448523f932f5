const LOOK_EVERY_MS = 5;

/**
 * Looks again and again until there is something to see and returns it. Rejects when there is
 * nothing at the deadline, with `what` was waited for.
 */
export async function waitUntil<T>(
  look: () => T | Promise<T>,
  what: string,
  withinMs = 20_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) {
      return seen as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
