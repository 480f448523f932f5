import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import {
  type AccessDecision,
  accessDecisionsOf,
  isOpenBeforePasswordChange,
} from '../../src/auth/access.decorators.js';

export interface RegisteredRoute {
  method: string;
  /** With its parameters, such as `/api/users/:id`. */
  path: string;
  decision: AccessDecision;
  isOpenBeforePasswordChange: boolean;
}

/** Every route of every controller of an application, as its decorators say. */
export function registeredRoutes(app: INestApplication): RegisteredRoute[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype }) => {
      const controller = metatype as unknown as { prototype: Record<string, object> };
      return scanner
        .getAllMethodNames(controller.prototype)
        .map((name) => controller.prototype[name] as object)
        .filter((handler) => Reflect.hasMetadata(METHOD_METADATA, handler))
        .flatMap((handler) => routesOf(controller, handler));
    })
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** `METHOD /path`. */
export function keyOf({ method, path }: Pick<RegisteredRoute, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

function routesOf(controller: object, handler: object): RegisteredRoute[] {
  const paths = (subject: object) =>
    [Reflect.getMetadata(PATH_METADATA, subject) as string | string[]].flat();
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] as string;
  const [decision] = accessDecisionsOf(controller, handler);
  return paths(controller).flatMap((prefix) =>
    paths(handler).map((path) => ({
      method,
      path: `/${[prefix, path]
        .flatMap((part) => part.split('/'))
        .filter(Boolean)
        .join('/')}`,
      decision: decision as AccessDecision,
      isOpenBeforePasswordChange: isOpenBeforePasswordChange(handler),
    })),
  );
}
