/**
 * Where to go after signing in: a path of this page, without the base path. Anything that could
 * lead elsewhere, another host or a script, is the first page instead.
 */
export function safeReturn(returnTo: string | undefined): string {
  if (returnTo === undefined || !/^\/(?![/\\])/.test(returnTo)) return '/';
  return /^\/(login|setup|change-password)\b/.test(returnTo) ? '/' : returnTo;
}
