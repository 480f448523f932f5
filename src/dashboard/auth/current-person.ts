import { createParamDecorator } from '@nestjs/common';
import { personOf } from '../../auth/sessions/session.guard.js';

/** Whoever is signed in, on a route that people only get to. */
export const CurrentPerson = createParamDecorator((_data: unknown, context) => personOf(context));
