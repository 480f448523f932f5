export type ModelPredicate = (model: string) => boolean;

/**
 * Compiles a client's allowed models once, so that a request costs a Set lookup and, where globs
 * are used, a few string comparisons. `*` stands for any number of characters, `/` included;
 * null allows everything, an empty list nothing.
 */
export function compileModelPatterns(patterns: readonly string[] | null): ModelPredicate {
  if (patterns === null || patterns.includes('*')) return () => true;
  const names = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const globs = patterns.filter((pattern) => pattern.includes('*')).map(compileGlob);
  return (model) => names.has(model) || globs.some((matches) => matches(model));
}

/** Not a regular expression: many stars would make one backtrack for seconds. */
function compileGlob(pattern: string): ModelPredicate {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  return (model) => {
    if (model.length < first.length + last.length) return false;
    if (!model.startsWith(first) || !model.endsWith(last)) return false;
    const end = model.length - last.length;
    let position = first.length;
    for (const part of middle) {
      const found = model.indexOf(part, position);
      if (found < 0 || found + part.length > end) return false;
      position = found + part.length;
    }
    return true;
  };
}
