import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { setActor } from '../../audit/acting.js';
import type { Role } from '../../audit/actor.js';
import { AuditLog } from '../../audit/audit-log.js';
import { Configuration } from '../../config/configuration.js';
import { PeopleWriter } from '../people/people-writer.js';
import { normalEmail } from '../people/user-fields.js';
import { userRecord, userSubject } from '../people/user-record.js';
import { hasActiveAdmin, insertUser } from '../people/user-rows.js';
import { User } from '../people/user.entity.js';
import type { Origin } from '../sessions/session-record.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { SignedIn } from '../sessions/sign-in.service.js';
import { emailOf, nameOf, type OidcClaims, roleOf } from './oidc-claims.js';
import { OidcRefusal } from './oidc-refusal.js';

/** Who somebody is here, by what the provider says of them. */
@Injectable()
export class OidcAccounts {
  readonly #logger = new Logger(OidcAccounts.name);

  constructor(
    private readonly configuration: Configuration,
    private readonly writer: PeopleWriter,
    private readonly sessions: SessionsService,
    private readonly audit: AuditLog,
  ) {}

  /** Signs somebody in, whose account is found, linked or made. Throws `OidcRefusal`. */
  async signIn(claims: OidcClaims, origin: Origin): Promise<SignedIn> {
    this.#checkDomain(claims);
    return this.writer.write(async (manager) => {
      const known = await manager.findOneBy(User, {
        oidcIssuer: claims.iss,
        oidcSubject: claims.sub,
      });
      const user =
        known === null
          ? await this.#linkOrMake(manager, claims)
          : await this.#withPresentRole(manager, known, claims);
      if (!user.isActive) throw new OidcRefusal('oidc_not_allowed');
      return { ...(await this.sessions.openWithin(manager, user, origin)), user };
    });
  }

  #checkDomain(claims: OidcClaims): void {
    const { oidcAllowedDomains } = this.configuration.environment;
    if (oidcAllowedDomains.length === 0) return;
    const found = emailOf(claims);
    if (found?.isVerified !== true) throw new OidcRefusal('oidc_email_unverified');
    const domain = normalEmail(found.email).split('@').at(-1) ?? '';
    if (!oidcAllowedDomains.includes(domain)) throw new OidcRefusal('oidc_not_allowed');
  }

  /** An account with that address is theirs only if the provider has verified that the address is. */
  async #linkOrMake(manager: EntityManager, claims: OidcClaims): Promise<User> {
    const found = emailOf(claims);
    if (found === undefined) throw new OidcRefusal('oidc_email_unverified');
    const oidc = { issuer: claims.iss, subject: claims.sub };
    const present = await manager.findOneBy(User, { email: normalEmail(found.email) });
    if (present === null) return this.#make(manager, claims, { email: found.email, oidc });
    if (!found.isVerified) throw new OidcRefusal('oidc_email_unverified');
    // Somebody else at the provider has the account already.
    if (present.oidcSubject !== null) throw new OidcRefusal('oidc_not_allowed');
    const linked = { oidcIssuer: oidc.issuer, oidcSubject: oidc.subject };
    const user = await this.#change(manager, present, linked, 'user.link');
    return this.#withPresentRole(manager, user, claims);
  }

  async #make(
    manager: EntityManager,
    claims: OidcClaims,
    { email, oidc }: { email: string; oidc: { issuer: string; subject: string } },
  ): Promise<User> {
    const role = this.#roleOf(claims);
    const user = await insertUser(manager, { email, name: nameOf(claims, email), role, oidc });
    setActor({ kind: 'person', id: user.id, name: user.email, role: user.role });
    const subject = userSubject(user);
    await this.audit.record(manager, { action: 'user.create', subject, after: userRecord(user) });
    return user;
  }

  /** With `OIDC_ROLE_CLAIM` the provider decides about roles at each sign-in. */
  async #withPresentRole(manager: EntityManager, user: User, claims: OidcClaims): Promise<User> {
    if (this.configuration.environment.oidcRoleClaim === undefined) return user;
    const role = this.#roleOf(claims);
    if (role === user.role) return user;
    const isLastAdmin =
      user.role === 'admin' && user.isActive && !(await hasActiveAdmin(manager, user.id));
    if (!isLastAdmin) return this.#change(manager, user, { role }, 'user.update');
    this.#logger.warn('The last administrator stays one, whatever role the provider gives.');
    return user;
  }

  #roleOf(claims: OidcClaims): Role {
    const { oidcRoleClaim, oidcDefaultRole } = this.configuration.environment;
    const given = oidcRoleClaim === undefined ? undefined : roleOf(claims, oidcRoleClaim);
    if (given !== undefined) return given;
    if (oidcDefaultRole === 'none') throw new OidcRefusal('oidc_not_allowed');
    return oidcDefaultRole;
  }

  async #change(
    manager: EntityManager,
    user: User,
    change: Partial<User>,
    action: string,
  ): Promise<User> {
    const after = manager.create(User, { ...user, ...change, updatedAt: Date.now() });
    await manager.update(User, { id: user.id }, after);
    setActor({ kind: 'person', id: user.id, name: user.email, role: user.role });
    const subject = userSubject(after);
    const states = { before: userRecord(user), after: userRecord(after) };
    await this.audit.record(manager, { action, subject, ...states });
    return after;
  }
}
