import { useSyncExternalStore } from 'react';
import { ROLES, type Role, type SignedInUser } from './auth-contract';
import { session } from './session';

/** The person who is signed in; undefined on the pages that need nobody. */
export function useUser(): SignedInUser | undefined {
  const state = useSyncExternalStore(session.subscribe, session.state);
  return state.kind === 'signed-in' ? state.user : undefined;
}

/** Whether the person has that role or a higher one. */
export function useMay(role: Role): boolean {
  const user = useUser();
  return user !== undefined && mayAs(user.role, role);
}

export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
