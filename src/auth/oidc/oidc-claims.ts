import { type Role, ROLES } from '../../audit/actor.js';

/** What a provider says of somebody: ID token and, where that is short, the user info. */
export type OidcClaims = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly sub: string;
};

/** The address, when there is one, and whether the provider knows that it is theirs. */
export function emailOf(claims: OidcClaims): { email: string; isVerified: boolean } | undefined {
  const { email } = claims;
  if (typeof email !== 'string' || email === '') return undefined;
  // Some send the flag as text.
  const verified = claims['email_verified'];
  return { email, isVerified: verified === true || verified === 'true' };
}

export function nameOf(claims: OidcClaims, email: string): string {
  const name = [claims['name'], claims['preferred_username'], email].find(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  );
  return (name as string)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100);
}

/**
 * The highest role that a claim gives: a text or a list that has it.
 * @param claim its name, or a path such as `realm_access.roles`
 */
export function roleOf(claims: OidcClaims, claim: string): Role | undefined {
  const value = claims[claim] ?? valueAt(claims, claim.split('.'));
  const given: unknown[] = Array.isArray(value) ? value : [value];
  return ROLES.toReversed().find((role) => given.includes(role));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (within, name) =>
      typeof within === 'object' && within !== null && Object.hasOwn(within, name)
        ? (within as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}
