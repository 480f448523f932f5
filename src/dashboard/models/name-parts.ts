/** A parameter that takes the rest of the path: its parts, decoded. */
export type NameParts = string | string[];

/** With its slashes. */
export function nameOf(parts: NameParts): string {
  return typeof parts === 'string' ? parts : parts.join('/');
}
