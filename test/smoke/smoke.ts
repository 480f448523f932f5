// Starts what `npm run build` made, as a user would, and goes once through what everybody needs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { SCHEMA_FILE, schemaOf } from '../../client/api-schema/api-schema.ts';
import { Installation } from './installation.ts';
import { Tally } from './tally.ts';

const tally = new Tally();
let installation: Installation | undefined;

try {
  const started = await Installation.start();
  installation = started;
  await runChecks(started);
  await tally.check('SIGTERM ends it with exit code 0', async () => {
    assert.equal(await started.stop('SIGTERM'), 0);
  });
} catch (error) {
  await tally.check('starts with an empty data folder and becomes ready', () => {
    throw error;
  });
} finally {
  await installation?.stop('SIGKILL');
  tally.finish();
}

async function runChecks(proxy: Installation): Promise<void> {
  await tally.check('answers a completion with the key that it printed', async () => {
    const response = await complete(proxy, proxy.printedKey(), {});
    assert.equal(response.status, 200);
    const body = (await response.json()) as {
      choices: Array<{ message: { content: string }; finish_reason: string }>;
      usage: { total_tokens: number };
    };
    assert.ok(body.choices[0]?.message.content.includes('Hello'), 'the echo is missing');
    assert.ok(body.usage.total_tokens > 0, 'the usage is missing');
    assert.match(response.headers.get('x-request-id') ?? '', /^[A-Za-z0-9_-]{1,64}$/);
  });

  await tally.check('streams a completion to its end', async () => {
    const response = await complete(proxy, proxy.printedKey(), { stream: true });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    assert.equal(events.at(-1), 'data: [DONE]');
    assert.ok(streamedText(events).includes('Hello'), 'the echo is missing');
  });

  await tally.check('refuses a wrong key', async () => {
    const response = await complete(proxy, 'sk-lp_wrong', {});
    assert.equal(response.status, 401);
    const body = (await response.json()) as { error: { code: string } };
    assert.equal(body.error.code, 'invalid_api_key');
  });

  await tally.check('the ledger has one settled row for each of the two', async () => {
    const created = await proxy.run('keys create --client smoke --role admin --json');
    const { key } = JSON.parse(created) as { key: string };
    const rows = await exportLedger(proxy, key);
    assert.equal(rows.length, 2);
    assert.deepEqual(new Set(rows.map((row) => row.status)), new Set(['ok']));
    assert.equal(new Set(rows.map((row) => row.request_id)).size, 2);
  });

  await tally.check('the dashboard was built and its scripts are served', async () => {
    const page = await fetch(proxy.url, { headers: { accept: 'text/html' } });
    assert.equal(page.status, 200);
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    assert.ok(script, 'the page names no script');
    const answer = await fetch(`${proxy.url}/${script}`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
  });

  await tally.check('the types of the API are those of this build', async () => {
    const committed = await readFile(SCHEMA_FILE, 'utf8');
    assert.equal(committed, await schemaOf(proxy), 'run `npm run generate:api` and commit it');
  });

  await tally.check('the ledger check finds the invariants kept', async () => {
    await proxy.run('ledger check');
  });
}

async function complete(
  proxy: Installation,
  key: string,
  options: { stream?: boolean },
): Promise<Response> {
  return await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'simulated/echo',
      messages: [{ role: 'user', content: 'Hello' }],
      ...options,
    }),
  });
}

function streamedText(events: string[]): string {
  return events
    .filter((event) => event.startsWith('data: {'))
    .map((event) => {
      const chunk = JSON.parse(event.slice('data: '.length)) as {
        choices: Array<{ delta: { content?: string } }>;
      };
      return chunk.choices[0]?.delta.content ?? '';
    })
    .join('');
}

async function exportLedger(
  proxy: Installation,
  key: string,
): Promise<Array<{ request_id: string; status: string }>> {
  const response = await fetch(`${proxy.url}/api/usage/export?format=ndjson`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(response.status, 200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as { request_id: string; status: string });
}
