import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { requestContext } from './request-context.js';

function application() {
  const app = express();
  app.use(requestContext);
  app.get('/', (incoming, response) => {
    response.json(incoming.context);
  });
  return app;
}

describe(requestContext.name, () => {
  it('keeps an id of the accepted form', async () => {
    const answer = await request(application()).get('/').set('x-request-id', 'Abc_1-2');
    expect(answer.headers['x-request-id']).toBe('Abc_1-2');
    expect(answer.body.requestId).toBe('Abc_1-2');
  });

  it.each(['with space', 'a'.repeat(65), 'semi;colon', 'ünïcode'.normalize()])(
    'replaces %j by an id of its own',
    async (given) => {
      const answer = await request(application())
        .get('/')
        .set('x-request-id', Buffer.from(given).toString('latin1'));
      expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
    },
  );

  it('reads the trace id of a valid traceparent only', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const good = await request(application())
      .get('/')
      .set('traceparent', `00-${trace}-b7ad6b7169203331-01`);
    expect(good.body.traceId).toBe(trace);
    const bad = await request(application()).get('/').set('traceparent', '00-xyz-1-01');
    expect(bad.body.traceId).toBeUndefined();
  });
});
