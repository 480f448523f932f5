/** What a person or an automation may do under `/api`; each includes what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who changes something: a signed-in person, an admin API key, a command, or the process itself. */
export interface Actor {
  readonly kind: 'person' | 'key' | 'cli' | 'system';
  /** User id or key id; empty for a command and the process. */
  readonly id: string;
  /** E-mail address, client name, name of the operating system's user, or `system`. */
  readonly name: string;
  readonly role: Role;
}

export const SYSTEM: Actor = { kind: 'system', id: '', name: 'system', role: 'admin' };

/** Whether `role` includes everything that `wanted` may do. */
export function includesRole(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}
