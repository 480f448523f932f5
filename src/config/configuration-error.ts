/**
 * The configuration is wrong. Every problem that was found is listed, each as `where: what`; a
 * value is never part of it, because values may be secrets.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    /** `environment`, or the path of the file. */
    readonly source: string,
    readonly problems: readonly string[],
    options: { cause?: unknown } = {},
  ) {
    super(
      [`The configuration (${source}) cannot be used:`, ...problems].join('\n  - '),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
  }
}
