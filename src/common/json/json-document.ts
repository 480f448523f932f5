/**
 * A JSON document that is held as text or as a value and becomes the other only when somebody
 * asks. On the identity path nobody does, so what a vendor wrote reaches the client byte for byte.
 */
export class JsonDocument<T> {
  #text: string | undefined;
  #value: T | undefined;

  private constructor(text: string | undefined, value: T | undefined) {
    this.#text = text;
    this.#value = value;
  }

  /** `text` must be JSON; it is parsed at the first read of `value`, which throws a SyntaxError if it is not. */
  static fromText<T>(text: string): JsonDocument<T> {
    return new JsonDocument<T>(text, undefined);
  }

  static fromValue<T>(value: T): JsonDocument<T> {
    return new JsonDocument<T>(undefined, value);
  }

  /** For a reader that had to parse anyway: keeps both forms. `value` must be what `text` says. */
  static fromBoth<T>(text: string, value: T): JsonDocument<T> {
    return new JsonDocument<T>(text, value);
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.#value));
  }

  get value(): T {
    return (this.#value ??= JSON.parse(this.#text as string) as T);
  }
}
