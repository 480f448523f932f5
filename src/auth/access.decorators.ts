import type { Role } from '../audit/actor.js';

/** Open to everybody, to any valid API key, to any signed-in person, or to whoever has at least that role. */
export type AccessDecision = 'public' | 'api-key' | 'person' | Role;

const ACCESS_DECISIONS = Symbol('llm-proxy:access-decisions');
const BEFORE_PASSWORD_CHANGE = Symbol('llm-proxy:before-password-change');

/** Open to everybody: health, version, the page itself. */
export const Public = (): ClassDecorator & MethodDecorator => decide('public');

/** Any valid API key, whatever its role. `request.principal` is set. */
export const ApiKeyAccess = (): ClassDecorator & MethodDecorator => decide('api-key');

/** Any signed-in person, whatever their role, and no API key. `request.person` is set. */
export const PersonAccess = (): ClassDecorator & MethodDecorator => decide('person');

/**
 * Whoever has that role or a higher one: an API key with the role `admin`, or a signed-in person.
 * Others who are known are answered 403.
 */
export const RoleAccess = (role: Role): ClassDecorator & MethodDecorator => decide(role);

/** The same for the highest role. */
export const AdminAccess = (): ClassDecorator & MethodDecorator => RoleAccess('admin');

/** Beside a decision, on the handler: open also to people who must change their password first. */
export const BeforePasswordChange = (): MethodDecorator => (_target, _name, descriptor) => {
  Reflect.defineMetadata(BEFORE_PASSWORD_CHANGE, true, descriptor.value as object);
};

export function isOpenBeforePasswordChange(handler: object): boolean {
  return Reflect.hasMetadata(BEFORE_PASSWORD_CHANGE, handler);
}

/**
 * All decisions that apply to a route handler, those of its controller first. A route has exactly
 * one, on the handler or on its controller; none or several mean that the route is closed.
 */
export function accessDecisionsOf(controller: object, handler: object): readonly AccessDecision[] {
  return [...readDecisions(controller), ...readDecisions(handler)];
}

// Decisions are collected, not overwritten, so that a route with two of them is noticed at boot.
function decide(decision: AccessDecision): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const subject = (descriptor?.value as object | undefined) ?? target;
    Reflect.defineMetadata(ACCESS_DECISIONS, [...readOwnDecisions(subject), decision], subject);
  };
}

function readDecisions(subject: object): readonly AccessDecision[] {
  return (
    (Reflect.getMetadata(ACCESS_DECISIONS, subject) as readonly AccessDecision[] | undefined) ?? []
  );
}

function readOwnDecisions(subject: object): readonly AccessDecision[] {
  return (
    (Reflect.getOwnMetadata(ACCESS_DECISIONS, subject) as readonly AccessDecision[] | undefined) ??
    []
  );
}
