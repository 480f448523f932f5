import type { ReactNode } from 'react';
import type { Role } from '@/api/auth-contract';
import { useMay } from '@/api/use-session';

/** Shows its children to whoever has that role or a higher one: what a role may not do is not offered. */
export function RoleGate({ role, children }: { role: Role; children: ReactNode }) {
  return useMay(role) ? children : null;
}
