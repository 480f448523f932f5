import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createClientApplication,
  temporaryInstallation,
} from '../../test/support/client-application.js';
import { ClientsService } from './clients.service.js';
import { DEMO_CLIENT_ID } from './demo-client.js';

describe(ClientsService.name, () => {
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let application: INestApplicationContext;
  let sut: ClientsService;

  beforeEach(async () => {
    installation = await temporaryInstallation();
    application = await (await createClientApplication(installation.env)).init();
    sut = application.get(ClientsService, { strict: false });
  });

  afterEach(async () => {
    await application.close();
    await installation.remove();
  });

  it('keeps what it is given', async () => {
    const created = await sut.create({
      name: ' ci ',
      description: 'builds',
      allowedModels: ['fast', 'openai/*', 'fast'],
    });
    expect(created).toMatchObject({
      id: expect.stringMatching(/^client_[0-9a-f]{32}$/) as string,
      name: 'ci',
      description: 'builds',
      source: 'api',
      isActive: true,
      allowedModels: ['fast', 'openai/*'],
    });
    expect(await sut.get(created.id)).toEqual(created);
    expect(await sut.findByName('ci')).toEqual(created);
    expect((await sut.list()).map(({ name }) => name)).toEqual(['ci', 'demo']);
  });

  it('tells all models from none', async () => {
    const all = await sut.create({ name: 'all' });
    const none = await sut.create({ name: 'none', allowedModels: [] });
    expect((await sut.get(all.id)).allowedModels).toBeNull();
    expect((await sut.get(none.id)).allowedModels).toEqual([]);
    await sut.update(none.id, { allowedModels: null });
    expect((await sut.get(none.id)).allowedModels).toBeNull();
  });

  it('changes only what is named', async () => {
    const created = await sut.create({
      name: 'ci',
      description: 'builds',
      allowedModels: ['fast'],
    });
    await sut.update(created.id, { name: 'ci-2' });
    expect(await sut.get(created.id)).toMatchObject({
      name: 'ci-2',
      description: 'builds',
      allowedModels: ['fast'],
      isActive: true,
      createdAt: created.createdAt,
    });
  });

  it('deactivates in place of deleting', async () => {
    const { id } = await sut.create({ name: 'ci' });
    expect(await sut.delete(id)).toMatchObject({ id, isActive: false });
    expect(await sut.get(id)).toMatchObject({ isActive: false });
  });

  it('gives a name to exactly one of 50 that want it at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => sut.create({ name: 'wanted' })),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(49);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'invalid_value', param: 'name' });
    }
    expect((await sut.list()).filter(({ name }) => name === 'wanted')).toHaveLength(1);
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['name', { name: 'a\nb' }],
    ['description', { name: 'ci', description: 'x'.repeat(2_001) }],
    ['allowedModels', { name: 'ci', allowedModels: ['fast', ' '] }],
    ['allowedModels', { name: 'ci', allowedModels: ['x'.repeat(256)] }],
    ['allowedModels', { name: 'ci', allowedModels: Array.from({ length: 1_001 }, String) }],
  ])('refuses a wrong %s and stores nothing', async (param, fields) => {
    await expect(sut.create(fields)).rejects.toMatchObject({ code: 'invalid_value', param });
    expect((await sut.list()).map(({ name }) => name)).toEqual(['demo']);
  });

  it('refuses to rename a client to a name that is taken', async () => {
    await sut.create({ name: 'a' });
    const { id } = await sut.create({ name: 'b' });
    await expect(sut.update(id, { name: 'a' })).rejects.toMatchObject({ param: 'name' });
    expect(await sut.update(id, { name: 'b' })).toMatchObject({ name: 'b' });
  });

  it('knows no client that is not there', async () => {
    expect(await sut.find('client_none')).toBeUndefined();
    await expect(sut.get('client_none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(sut.update('client_none', {})).rejects.toMatchObject({ code: 'not_found' });
    await expect(sut.delete('client_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves the demo client to the demo', async () => {
    await expect(sut.update(DEMO_CLIENT_ID, { name: 'mine' })).rejects.toMatchObject({
      code: 'invalid_value',
    });
  });
});
