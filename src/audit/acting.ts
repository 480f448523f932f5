import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Request, Response } from 'express';
import { type Actor, SYSTEM } from './actor.js';

interface Act {
  actor: Actor;
  readonly requestId: string | null;
  readonly address: string | null;
  /** Changes that were recorded so far. */
  recorded: number;
}

const acts = new AsyncLocalStorage<Act>();

/**
 * Express middleware of `/api`: what happens in a request is known as that request's doing. A guard
 * cannot open such a context, so this one does, and the guard names the actor with `setActor`.
 */
export function rememberAct(request: Request, _response: Response, next: NextFunction): void {
  const act: Act = {
    actor: SYSTEM,
    requestId: request.context.requestId,
    address: request.ip ?? null,
    recorded: 0,
  };
  acts.run(act, next);
}

/** Once the guard knows who it is. */
export function setActor(actor: Actor): void {
  const act = acts.getStore();
  if (act !== undefined) act.actor = actor;
}

/** Runs `work` as somebody's doing; for commands. */
export function actAs<T>(actor: Actor, work: () => T): T {
  return acts.run({ actor, requestId: null, address: null, recorded: 0 }, work);
}

/** Who changes things at this moment. */
export function currentActor(): Actor {
  return acts.getStore()?.actor ?? SYSTEM;
}

/** Undefined outside of a request and a command: the process acts by itself. */
export function currentAct(): Act | undefined {
  return acts.getStore();
}
