/** A key, or two after one another with a space between: `?`, `g o`. */
export type Keys = string;

/** As the keyboard at hand names them. */
export const PALETTE_KEYS = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

const SEQUENCE_MS = 1_200;

/** Calls what belongs to the keys that are pressed. Keys typed into a field are text. */
export class Shortcuts {
  #pending: { readonly key: string; readonly at: number } | undefined;

  constructor(private readonly find: (keys: Keys) => (() => void) | undefined) {}

  readonly press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || isTyping(event.target)) return;
    if (event.metaKey || event.ctrlKey) return;
    const { key, timeStamp: at } = event;
    const before = this.#pending;
    this.#pending = { key, at };
    const sequence =
      before !== undefined && at - before.at < SEQUENCE_MS ? `${before.key} ${key}` : undefined;
    const action = (sequence === undefined ? undefined : this.find(sequence)) ?? this.find(key);
    if (action === undefined) return;
    this.#pending = undefined;
    event.preventDefault();
    action();
  };
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, [role=combobox]'))
  );
}
