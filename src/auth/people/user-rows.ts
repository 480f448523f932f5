import { Not, type EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import type { Role } from '../../audit/actor.js';
import { ApiError } from '../../common/errors/api-error.js';
import { parseEmail, parseUserName } from './user-fields.js';
import { User } from './user.entity.js';

export interface NewUser {
  email: string;
  name: string;
  role: Role;
  /** Absent for whoever signs in elsewhere only. */
  passwordHash?: string;
  mustChangePassword?: boolean;
  oidc?: { issuer: string; subject: string };
}

/** Inserts within a transaction of `PeopleWriter`; throws `conflict` when the address is taken. */
export async function insertUser(manager: EntityManager, fields: NewUser): Promise<User> {
  const email = parseEmail(fields.email);
  if (await manager.existsBy(User, { email })) {
    throw new ApiError('conflict', 'There is somebody with this e-mail address already.', {
      param: 'email',
    });
  }
  const now = Date.now();
  const user = manager.create(User, {
    id: `user_${uuidV7().replaceAll('-', '')}`,
    email,
    name: parseUserName(fields.name),
    role: fields.role,
    passwordHash: fields.passwordHash ?? null,
    mustChangePassword: fields.mustChangePassword ?? false,
    isActive: true,
    oidcIssuer: fields.oidc?.issuer ?? null,
    oidcSubject: fields.oidc?.subject ?? null,
    createdAt: now,
    updatedAt: now,
    lastLoginAt: null,
  });
  await manager.insert(User, user);
  return user;
}

/** Without the hash of the password. Throws `not_found`. */
export async function getUserRow(manager: EntityManager, id: string): Promise<User> {
  const user = await manager.findOneBy(User, { id });
  if (user === null) throw new ApiError('not_found', 'There is no such user.', { param: 'id' });
  return user;
}

/** Nobody could let anybody in any more. Throws `conflict`. */
export async function refuseWithoutAdmin(manager: EntityManager, leaving: User): Promise<void> {
  if (!leaving.isActive || leaving.role !== 'admin') return;
  if (await hasActiveAdmin(manager, leaving.id)) return;
  throw new ApiError('conflict', 'This is the last active administrator. Make another one first.');
}

/** @param besides somebody who does not count */
export async function hasActiveAdmin(manager: EntityManager, besides?: string): Promise<boolean> {
  return manager.existsBy(User, {
    role: 'admin',
    isActive: true,
    ...(besides === undefined ? {} : { id: Not(besides) }),
  });
}
