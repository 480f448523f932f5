import type { z } from 'zod';
import type { PathSegment } from './yaml-document.js';

/** What is wrong, each with its place; of a union only what is wrong with the form that is meant. */
export function listProblems(issue: z.core.$ZodIssue): { path: PathSegment[]; message: string }[] {
  const path = issue.path as PathSegment[];
  if (issue.code === 'invalid_union') {
    return (findMeantForm(issue.errors) ?? [{ ...issue, code: 'custom' as const, path: [] }])
      .flatMap(listProblems)
      .map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path, message }));
  }
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: 'unknown key' }));
}

/** What is wrong with the one form of several that the value has the type of. */
function findMeantForm(
  forms: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const isOtherType = ({ code, path }: z.core.$ZodIssue) =>
    code === 'invalid_type' && path.length === 0;
  return forms.find((issues) => !issues.some(isOtherType));
}

/** Such as `models[0].name`. */
export function formatPath(path: readonly PathSegment[]): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '');
}
