interface OllamaFamily {
  /** On the model's name, which may have a namespace before it and a tag behind. */
  readonly name: RegExp;
  /** How much it can be told to think; other models think or do not. */
  readonly thinkLevels: ReadonlySet<string>;
}

const FAMILIES: readonly OllamaFamily[] = [
  { name: /(?:^|\/)gpt-oss(?![a-z])/i, thinkLevels: new Set(['low', 'medium', 'high', 'max']) },
];

const NO_LEVELS: ReadonlySet<string> = new Set();

/** The levels of `think` that a model knows; empty for one that only takes true and false. */
export function thinkLevelsOf(model: string): ReadonlySet<string> {
  return FAMILIES.find(({ name }) => name.test(model))?.thinkLevels ?? NO_LEVELS;
}
