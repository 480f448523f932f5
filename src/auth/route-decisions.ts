import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessDecisionsOf } from './access.decorators.js';

/** Some routes state no access decision, or several. The message names each of them. */
export class RouteDecisionError extends Error {
  override readonly name = 'RouteDecisionError';

  constructor(readonly routes: readonly string[]) {
    super(
      `Every route needs exactly one of @Public(), @ApiKeyAccess(), @PersonAccess() and @RoleAccess(). ` +
        `Not so: ${routes.join('; ')}.`,
    );
  }
}

/** Stops the boot when a route was forgotten: the guard would close it, and nobody would know why. */
@Injectable()
export class RouteDecisions implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const undecided = this.discovery
      .getControllers()
      .flatMap(({ metatype }) =>
        typeof metatype === 'function' ? this.undecidedRoutes(metatype) : [],
      );
    if (undecided.length > 0) throw new RouteDecisionError(undecided);
  }

  private undecidedRoutes(controller: Function): string[] {
    const prototype = controller.prototype as Record<string, object>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name] as object))
      .flatMap((name) => {
        const handler = prototype[name] as object;
        const decisions = accessDecisionsOf(controller, handler);
        if (decisions.length === 1) return [];
        const found = decisions.length === 0 ? 'none' : decisions.join(' and ');
        const path = [
          Reflect.getMetadata(PATH_METADATA, controller),
          Reflect.getMetadata(PATH_METADATA, handler),
        ];
        return [`${controller.name}.${name} (${path.flat().join('/')}): ${found}`];
      });
  }
}
