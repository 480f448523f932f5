import { MetadataScanner } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { accessDecisionsOf } from '../../src/auth/access.decorators.js';
import { ModelsController } from '../../src/dashboard/models/models.controller.js';
import { RoutesController } from '../../src/dashboard/models/routes.controller.js';
import { BreakerController } from '../../src/dashboard/providers/breaker.controller.js';
import { ProviderHealthController } from '../../src/dashboard/providers/provider-health.controller.js';
import { ProviderTestsController } from '../../src/dashboard/providers/provider-tests.controller.js';
import { ProviderTypesController } from '../../src/dashboard/providers/provider-types.controller.js';
import { ProvidersController } from '../../src/dashboard/providers/providers.controller.js';

const scanner = new MetadataScanner();

function rolesOf(controller: { readonly prototype: object }): Record<string, unknown> {
  const prototype = controller.prototype as Record<string, object>;
  return Object.fromEntries(
    scanner
      .getAllMethodNames(prototype)
      .map((name) => [name, accessDecisionsOf(controller, prototype[name] as object).join()])
      .filter(([, role]) => role !== ''),
  );
}

/** Instances and their keys are for admins; what runs by them is for operators. */
describe('who may do what with', () => {
  it.each([
    [
      ProvidersController,
      {
        list: 'viewer',
        get: 'viewer',
        create: 'admin',
        replace: 'admin',
        change: 'admin',
        remove: 'admin',
      },
    ],
    [ProviderTestsController, { testDraft: 'admin', test: 'operator' }],
    [ProviderTypesController, { list: 'viewer' }],
    [ProviderHealthController, { show: 'viewer', decide: 'operator' }],
    [BreakerController, { show: 'viewer', move: 'operator' }],
    [ModelsController, { list: 'viewer', get: 'viewer', change: 'operator' }],
    [
      RoutesController,
      { list: 'viewer', get: 'viewer', create: 'operator', change: 'operator', remove: 'operator' },
    ],
  ])('%o', (controller, roles) => {
    expect(rolesOf(controller)).toEqual(roles);
  });
});
