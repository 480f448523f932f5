export const KEY_ROLES = ['client', 'admin'] as const;

/** `client` keys call `/v1`; `admin` keys open `/api` too. */
export type KeyRole = (typeof KEY_ROLES)[number];

export function isKeyRole(text: string): text is KeyRole {
  return (KEY_ROLES as readonly string[]).includes(text);
}
