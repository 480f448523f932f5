import { Controller, Get, Post, type Type } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import {
  createClientApplication,
  temporaryInstallation,
} from '../../test/support/client-application.js';
import { AdminAccess, ApiKeyAccess, Public } from './access.decorators.js';
import { RouteDecisionError, RouteDecisions } from './route-decisions.js';

@Controller('decided')
class DecidedController {
  @Public()
  @Get()
  first() {
    return this.notARoute();
  }

  @ApiKeyAccess()
  @Post(['a', 'b'])
  second() {
    return 'second';
  }

  notARoute() {
    return 'first';
  }
}

@AdminAccess()
@Controller('whole')
class WholeController {
  @Get()
  first() {
    return 'first';
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get('x')
  first() {
    return 'first';
  }

  @Post('y')
  second() {
    return 'second';
  }
}

@AdminAccess()
@Controller('contradicting')
class ContradictingController {
  @Public()
  @Get()
  first() {
    return 'first';
  }
}

class ForgottenBase {
  @Get('inherited')
  inherited() {
    return 'inherited';
  }
}

@Controller('child')
class InheritingController extends ForgottenBase {}

async function boot(controllers: Type[]): Promise<unknown> {
  const { env, remove } = await temporaryInstallation();
  const application = await createClientApplication(env, controllers);
  try {
    await application.init();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await application.close();
    await remove();
  }
}

describe(RouteDecisions.name, () => {
  it('lets an application start whose routes are all decided', async () => {
    expect(await boot([DecidedController, WholeController])).toBeUndefined();
  });

  it('names every route that states nothing or contradicts itself', async () => {
    const error = await boot([
      DecidedController,
      ForgottenController,
      ContradictingController,
      InheritingController,
    ]);
    expect(error).toBeInstanceOf(RouteDecisionError);
    expect((error as RouteDecisionError).routes).toEqual([
      'ForgottenController.first (forgotten/x): none',
      'ForgottenController.second (forgotten/y): none',
      'ContradictingController.first (contradicting//): admin and public',
      'InheritingController.inherited (child/inherited): none',
    ]);
  });
});
