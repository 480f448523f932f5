/** What a vendor's own stream or answer does not keep to, where it reaches the client as it came. */
export interface Exception {
  /** Name of the client route. */
  readonly route: string;
  readonly recordings: RegExp;
  readonly rules: readonly string[];
  readonly reason: string;
}

/** The rules that an answer to this route is known to break, in order. */
export function exceptedRules(
  exceptions: readonly Exception[],
  route: string,
  recording: string,
): string[] {
  const fitting = exceptions.filter(
    (each) => each.route === route && each.recordings.test(recording),
  );
  return fitting.flatMap(({ rules }) => rules).sort();
}
