import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Configuration } from '../../src/config/configuration.js';
import type { ProviderPage } from '../../src/dashboard/providers/provider.view.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/test-app.js';

let dataDir: string;
let app: TestApp;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-stored-layer-'));
  app = await TestApp.start({ dataDir });
});

afterEach(async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function restart(yaml?: string): Promise<void> {
  await app.close();
  app = await TestApp.start({ dataDir, ...(yaml === undefined ? {} : { yaml }) });
}

const write = async (
  id: string,
  kind: string,
  name: string,
  value: string,
  sealed: string | null,
) =>
  app.app
    .get<DataSource>(getDataSourceToken())
    .query('INSERT INTO stored_objects VALUES (?, ?, ?, ?, ?, 1, 1)', [
      id,
      kind,
      name,
      value,
      sealed,
    ]);

describe('what is stored', () => {
  it('never stops the boot: what is wrong is reported and left out', async () => {
    await apiCaller(app)('POST', 'providers', { name: 'good', type: 'simulated' });
    const simulated = '{"type":"simulated"}';
    await write('stored_1', 'provider', 'gone', '{"type":"vendor-of-yesterday"}', null);
    await write('stored_2', 'provider', 'torn', '{"type":', null);
    await write('stored_3', 'provider', 'sealed', simulated, 'v1.AAAA');
    await write('stored_4', 'model', 'astray', '{"targets":[{"model":"nobody/x"}]}', null);
    await write('stored_5', 'price', 'good/echo', '{"prices":[{"input":"x"}]}', null);
    await restart();
    const log = app.logLines.join('\n');
    for (const name of [
      'provider gone',
      'provider torn',
      'provider sealed',
      'model astray',
      'price good/echo',
    ]) {
      expect(log).toContain(`The ${name} is left out`);
    }
    const { items } = (await apiCaller(app)<ProviderPage>('GET', 'providers')).body;
    expect(items).toMatchObject([
      { name: 'gone', problems: [expect.stringContaining('is not a provider type')] },
      { name: 'good', problems: [] },
    ]);
  });

  it('takes the demo away with the first provider and brings it back with the last', async () => {
    const call = apiCaller(app);
    expect(app.app.get(Configuration).isDemo).toBe(true);
    await call('POST', 'providers', { name: 'mine', type: 'simulated' });
    const names = async () =>
      (await call<ProviderPage>('GET', 'providers')).body.items.map(
        ({ name, source }) => `${name} ${source}`,
      );
    expect(await names()).toEqual(['mine stored']);
    expect(app.app.get(Configuration).isDemo).toBe(false);
    await call('DELETE', 'providers/mine');
    expect(await names()).toEqual(['simulated demo']);
  });

  it('steps back while the file has the name, and comes back after', async () => {
    const call = () => apiCaller(app)<ProviderPage>('GET', 'providers');
    await apiCaller(app)('POST', 'providers', {
      name: 'mine',
      type: 'simulated',
      maxConnections: 7,
    });
    await restart('providers: [{ name: mine, type: simulated, maxConnections: 9 }]');
    expect((await call()).body.items).toMatchObject([{ source: 'file', maxConnections: 9 }]);
    await restart();
    expect((await call()).body.items).toMatchObject([{ source: 'stored', maxConnections: 7 }]);
  });
});
