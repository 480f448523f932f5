/** A thread that never answers. */
export default function stall(): Promise<never> {
  return new Promise(() => undefined);
}
