import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { below, inTurn } from './middleware.js';

/** Says in a header which handlers ran. */
function application(...failing: string[]) {
  const app = express();
  const step = (name: string): express.RequestHandler => {
    return (_, response, next) => {
      response.append('ran', name);
      next(failing.includes(name) ? new Error(name) : undefined);
    };
  };
  app.use(inTurn(step('one'), below('/Base/v1', step('two')), step('three')));
  app.use((_, response) => response.end());
  app.use(((error: Error, _, response, _next) =>
    response.status(500).end(error.message)) as express.ErrorRequestHandler);
  return app;
}

describe(inTurn.name, () => {
  it('runs the handlers in their order', async () => {
    const answer = await request(application()).get('/base/v1');
    expect(answer.headers['ran']).toBe('one, two, three');
  });

  it('ends with the first that fails', async () => {
    const answer = await request(application('two')).get('/base/v1');
    expect(answer).toMatchObject({ status: 500, text: 'two', headers: { ran: 'one, two' } });
  });
});

describe(below.name, () => {
  it.each([
    ['/base/v1', true],
    ['/BASE/v1/chat', true],
    ['/base/v1?all', true],
    ['/base/v10', false],
    ['/v1', false],
    ['/', false],
  ])('%s: %s', async (path, ran) => {
    const answer = await request(application()).get(path);
    expect(answer.headers['ran']?.includes('two')).toBe(ran);
  });
});
