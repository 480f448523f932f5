import { useSyncExternalStore } from 'react';

/** A value of the whole page that components follow and anybody may change. */
export class Choice<Value> {
  readonly #listeners = new Set<() => void>();
  #value: Value;

  constructor(
    initial: Value,
    private readonly apply: (value: Value) => void,
  ) {
    this.#value = initial;
  }

  readonly get = (): Value => this.#value;

  readonly set = (value: Value): void => {
    this.#value = value;
    this.apply(value);
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export function useChoice<Value>(choice: Choice<Value>): Value {
  return useSyncExternalStore(choice.subscribe, choice.get);
}
