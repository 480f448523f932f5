import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { GroupCommitWriter } from '../src/database/group-commit-writer.js';
import { ProcessLease } from '../src/database/process-lease.js';
import { SteeredUpstream, type SteeredCall } from './support/steered-upstream.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const USAGE = vendorUsage(3, 4);

let upstream: SteeredUpstream;
let app: TestApp;
let shortLived: TestApp;

beforeAll(async () => {
  upstream = await SteeredUpstream.start();
  const yaml = JSON.stringify({
    providers: [
      {
        name: 'vendor',
        type: 'openai-compatible',
        baseUrl: upstream.url,
        retries: { maxAttempts: 1 },
        breaker: { enabled: false },
      },
    ],
  });
  app = await TestApp.start({ yaml, env: { IDEMPOTENCY_MAX_BYTES: '2000' } });
  shortLived = await TestApp.start({ yaml, env: { IDEMPOTENCY_TTL_SECONDS: '1' } });
});

afterEach(() => {
  upstream.reply = undefined;
});

afterAll(async () => {
  await app.close();
  await shortLived.close();
  await upstream.close();
});

interface Answer {
  status: number;
  body: string;
  requestId: string | null;
  replayed: boolean;
  headers: Headers;
  code: string | undefined;
}

interface Asking {
  key: string;
  content?: string;
  stream?: boolean;
  headers?: Record<string, string>;
  from?: TestApp;
}

async function ask({ key, content = 'Hi', stream, headers, from = app }: Asking): Promise<Answer> {
  const answer = await from.chat(
    {
      model: 'vendor/model',
      messages: [{ role: 'user', content }],
      ...(stream === undefined ? {} : { stream }),
    },
    { 'idempotency-key': key, ...headers },
  );
  const body = await answer.text();
  const error = answer.ok ? undefined : (JSON.parse(body) as { error: { code: string } }).error;
  return {
    status: answer.status,
    body,
    requestId: answer.headers.get('x-request-id'),
    replayed: answer.headers.get('idempotent-replayed') === 'true',
    headers: answer.headers,
    code: error?.code,
  };
}

/** Lets the upstream answer by itself and returns how many calls it has had since. */
function countCalls(reply: (call: SteeredCall) => void = answerCall): () => number {
  const before = upstream.calls.length;
  upstream.reply = reply;
  return () => upstream.calls.length - before;
}

/** A number makes every answer another one, so that a replay cannot be taken for a new answer. */
function answerCall(call: SteeredCall): void {
  const text = `answer ${upstream.calls.indexOf(call)}`;
  if ((JSON.parse(call.body) as { stream?: boolean }).stream === true) {
    void call.send(...streamEvents([text], USAGE)).then(() => call.done());
  } else {
    call.json(completion(text, USAGE));
  }
}

async function rowsOf(requestId: string | null, from = app): Promise<number> {
  return (await from.rows()).filter((row) => row.request_id === requestId).length;
}

describe.each([false, true])('an idempotency key (stream: %s)', (stream) => {
  const name = (key: string) => `${key}-${stream}`;

  it('replays the same bytes, and calls nobody', async () => {
    const calls = countCalls();
    const first = await ask({ key: name('replay'), stream });
    expect(first).toMatchObject({ status: 200, replayed: false });
    for (let times = 0; times < 3; times += 1) {
      const again = await ask({ key: name('replay'), stream });
      expect(again).toMatchObject({ status: 200, replayed: true, body: first.body });
      expect(again.requestId).toBe(first.requestId);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    }
    expect(calls()).toBe(1);
    expect(await rowsOf(first.requestId)).toBe(1);
  });

  it('lets one of 50 at once call, and refuses the others until there is an answer', async () => {
    const index = upstream.calls.length;
    const asking = Array.from({ length: 50 }, () => ask({ key: name('fifty'), stream }));
    const call = await upstream.waitForCall(index);
    const first = asking.map((answer, place) => answer.then(() => place));
    // 49 have their answer while the one that owns the key is still being carried out.
    const refused = new Set<number>();
    for (const place of first) void place.then((value) => refused.add(value));
    await waitUntil(() => refused.size === 49, '49 answers');
    answerCall(call);
    const answers = await Promise.all(asking);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 200);
    expect(others.map(({ status, code }) => [status, code])).toEqual(
      others.map(() => [409, 'idempotency_in_progress']),
    );
    expect(others.every(({ headers }) => headers.get('retry-after') !== null)).toBe(true);
    expect(upstream.calls).toHaveLength(index + 1);
    expect(await ask({ key: name('fifty'), stream })).toMatchObject({ replayed: true });
  });

  it('gives 50 at once one and the same answer, as often as they come back', async () => {
    const calls = countCalls();
    const insist = async (): Promise<Answer> =>
      waitUntil(async () => {
        const answer = await ask({ key: name('insist'), stream });
        return answer.status === 409 ? undefined : answer;
      }, 'an answer');
    const answers = await Promise.all(Array.from({ length: 50 }, insist));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(calls()).toBe(1);
  });

  it('belongs to its request', async () => {
    const calls = countCalls();
    await ask({ key: name('mismatch'), stream });
    const other = await ask({ key: name('mismatch'), stream, content: 'Something else' });
    expect(other).toMatchObject({ status: 400, code: 'idempotency_mismatch' });
    expect(calls()).toBe(1);
  });

  it('is free again after a failure', async () => {
    const calls = countCalls((call) => call.cut());
    expect(await ask({ key: name('failure'), stream })).toMatchObject({ status: 502 });
    expect(calls()).toBe(1);
    countCalls();
    expect(await ask({ key: name('failure'), stream })).toMatchObject({
      status: 200,
      replayed: false,
    });
    expect(await ask({ key: name('failure'), stream })).toMatchObject({
      status: 200,
      replayed: true,
    });
    expect(calls()).toBe(2);
  });

  it('does not replay what was too large to keep, nor carry it out again', async () => {
    const content = 'Much';
    const calls = countCalls((call) => {
      const text = 'x'.repeat(3000);
      if (stream) void call.send(...streamEvents([text], USAGE)).then(() => call.done());
      else call.json(completion(text, USAGE));
    });
    expect(await ask({ key: name('large'), stream, content })).toMatchObject({ status: 200 });
    expect(await ask({ key: name('large'), stream, content })).toMatchObject({
      status: 409,
      code: 'idempotency_not_replayable',
    });
    expect(calls()).toBe(1);
  });

  it('is free again when its time is over', async () => {
    const calls = countCalls();
    const key = name('expiry');
    const first = await ask({ key, stream, from: shortLived });
    const second = await waitUntil(async () => {
      const answer = await ask({ key, stream, from: shortLived });
      return answer.replayed ? undefined : answer;
    }, 'the key to expire');
    expect(second.status).toBe(200);
    expect(second.body).not.toBe(first.body);
    expect(calls()).toBe(2);
  });

  it('is its new owner’s when its time was over while it was in use', async () => {
    const key = name('takeover');
    const index = upstream.calls.length;
    const slow = ask({ key, stream, from: shortLived });
    const slowCall = await upstream.waitForCall(index);
    let next: Promise<Answer> | undefined;
    const nextCall = await waitUntil(async () => {
      next = ask({ key, stream, from: shortLived });
      await Promise.race([next, upstream.waitForCall(index + 1)]);
      return upstream.calls[index + 1];
    }, 'the key to be taken over');

    // The first owner fails, and frees nothing that is not its own any more.
    slowCall.cut();
    expect(await slow).toMatchObject({ status: 502 });
    expect(await ask({ key, stream, from: shortLived })).toMatchObject({ status: 409 });
    answerCall(nextCall);
    expect(await next).toMatchObject({ status: 200, replayed: false });
    expect(upstream.calls).toHaveLength(index + 2);
  });

  it('replays under the id of the row that paid for it', async () => {
    countCalls();
    const headers = { 'x-request-id': name('used-before') };
    await ask({ key: name('other-key'), stream, headers });
    const first = await ask({ key: name('this-key'), stream, headers });
    expect(first.requestId).not.toBe(headers['x-request-id']);
    const again = await ask({ key: name('this-key'), stream });
    expect(again).toMatchObject({ replayed: true, requestId: first.requestId });
    expect(await rowsOf(again.requestId)).toBe(1);
  });

  it('is free again when its answer could not be kept', async () => {
    const writer = app.app.get(GroupCommitWriter);
    await writer.transaction((manager) =>
      manager.query(`CREATE TRIGGER refuse BEFORE UPDATE ON idempotency_records
        WHEN NEW.state = 'complete' BEGIN SELECT RAISE(ABORT, 'refused'); END`),
    );
    const key = name('not-kept');
    countCalls();
    const client = new StreamClient({
      url: app.url,
      key: app.adminKey,
      body: { model: 'vendor/model', messages: [{ role: 'user', content: 'Hi' }], stream },
      headers: { 'idempotency-key': key },
    });
    await client.ended;
    expect(client.isDone).toBe(false);
    expect(client.raw).toContain('"ledger_unavailable"');
    await writer.transaction((manager) => manager.query('DROP TRIGGER refuse'));
    expect(await ask({ key, stream })).toMatchObject({ status: 200, replayed: false });
    expect(await ask({ key, stream })).toMatchObject({ status: 200, replayed: true });
  });
});

describe('an idempotency key', () => {
  it('is free again when its client left', async () => {
    const index = upstream.calls.length;
    const client = new StreamClient({
      url: app.url,
      key: app.adminKey,
      body: { model: 'vendor/model', messages: [{ role: 'user', content: 'Hi' }], stream: true },
      headers: { 'idempotency-key': 'left' },
    });
    const call = await upstream.waitForCall(index);
    client.leave();
    await call.waitForAbort();
    countCalls();
    const answer = await waitUntil(async () => {
      const attempt = await ask({ key: 'left', stream: true });
      return attempt.status === 409 ? undefined : attempt;
    }, 'the key to be free');
    expect(answer).toMatchObject({ status: 200, replayed: false });
  });

  it('is free again when the request was refused before anybody was called', async () => {
    const calls = countCalls();
    const refused = await app.chat(
      { model: 'nowhere/model', messages: [{ role: 'user', content: 'Hi' }] },
      { 'idempotency-key': 'refused' },
    );
    expect(refused.status).toBe(404);
    expect(await ask({ key: 'refused' })).toMatchObject({ status: 200, replayed: false });
    expect(calls()).toBe(1);
  });

  it('belongs to a client, whichever of its keys it uses', async () => {
    const calls = countCalls();
    const keys = app.app.get(ApiKeysService);
    const [one, same, other] = await Promise.all([
      keys.createForClientName('one'),
      keys.createForClientName('one'),
      keys.createForClientName('other'),
    ]);
    const by = (created: typeof one) =>
      ask({ key: 'shared', headers: { authorization: `Bearer ${created.key.reveal()}` } });
    const first = await by(one);
    expect(await by(other)).toMatchObject({ status: 200, replayed: false });
    expect(await by(same)).toMatchObject({ status: 200, replayed: true, body: first.body });
    expect(calls()).toBe(2);
  });

  async function claimFor(processId: string, key: string): Promise<void> {
    countCalls();
    await ask({ key });
    const writer = app.app.get(GroupCommitWriter);
    await writer.transaction((manager) =>
      manager.query(
        `UPDATE idempotency_records SET state = 'in_progress', body = NULL, process_id = ? WHERE "key" = ?`,
        [processId, key],
      ),
    );
  }

  it('is free when the process that held it is dead', async () => {
    await claimFor('of-a-process-that-died', 'abandoned');
    expect(await ask({ key: 'abandoned' })).toMatchObject({ status: 200, replayed: false });
  });

  it('is not free while the process that holds it lives', async () => {
    await claimFor(app.app.get(ProcessLease).id, 'held');
    expect(await ask({ key: 'held' })).toMatchObject({
      status: 409,
      code: 'idempotency_in_progress',
    });
  });

  it.each(['', 'x'.repeat(256), 'with space'])('is refused as %j', async (key) => {
    const calls = countCalls();
    const answer = await ask({ key });
    expect(answer).toMatchObject({ status: 400, code: 'invalid_value' });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { param: 'idempotency-key' } });
    expect(calls()).toBe(0);
  });
});
