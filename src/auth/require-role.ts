import { currentAct } from '../audit/acting.js';
import { includesRole, type Role } from '../audit/actor.js';
import { ApiError } from '../common/errors/api-error.js';

/**
 * For what a route gives only to some of those who may use it.
 * @throws ApiError `insufficient_permissions`
 */
export function requireRole(wanted: Role): void {
  const role = currentAct()?.actor.role;
  if (role !== undefined && includesRole(role, wanted)) return;
  throw new ApiError('insufficient_permissions', `This needs the role ${wanted}.`);
}
