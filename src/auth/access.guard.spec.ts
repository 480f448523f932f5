import { Controller, Get, Req } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createClientApplication,
  listen,
  temporaryInstallation,
} from '../../test/support/client-application.js';
import type { CreatedApiKey } from '../clients/api-key-view.js';
import { generateApiKey } from '../clients/api-key-format.js';
import { ApiKeysService } from '../clients/api-keys.service.js';
import { ClientsService } from '../clients/clients.service.js';
import { DemoAccess } from '../clients/demo-access.js';
import { AdminAccess, ApiKeyAccess, Public } from './access.decorators.js';
import { AccessGuard } from './access.guard.js';

@Controller()
class AccessController {
  @Public()
  @Get('open')
  open(@Req() request: Request) {
    return { principal: request.principal ?? null };
  }

  @ApiKeyAccess()
  @Get('v1/who')
  who(@Req() { principal }: Request) {
    const models = ['fast', 'openai/gpt-4o', 'slow'];
    return { principal, allowed: models.filter((model) => principal?.allowsModel(model)) };
  }

  @AdminAccess()
  @Get('api/who')
  admin(@Req() { principal }: Request) {
    return principal;
  }
}

const INVALID = { status: 401, code: 'invalid_api_key' };

describe(AccessGuard.name, () => {
  let application: NestExpressApplication;
  let url: string;
  let installation: Awaited<ReturnType<typeof temporaryInstallation>>;
  let keys: ApiKeysService;
  let member: CreatedApiKey;
  let admin: CreatedApiKey;

  beforeAll(async () => {
    installation = await temporaryInstallation();
    application = await createClientApplication(installation.env, [AccessController]);
    url = await listen(application);
    keys = application.get(ApiKeysService, { strict: false });
    member = await keys.createForClientName('ci', { allowedModels: ['fast', 'openai/*'] });
    admin = await keys.createForClientName('ops', { role: 'admin' });
  });

  afterAll(async () => {
    await application.close();
    await installation.remove();
  });

  const bearer = (key: CreatedApiKey) => ({ authorization: `Bearer ${key.key.reveal()}` });

  async function get(path: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${path}`, { headers });
    const body = (await response.json()) as { error?: { code: string; message: string } };
    return { status: response.status, code: body.error?.code, message: body.error?.message, body };
  }

  it('opens a public route to everybody, without a principal', async () => {
    expect(await get('/open')).toMatchObject({ status: 200, body: { principal: null } });
    expect(await get('/open', bearer(member))).toMatchObject({
      status: 200,
      body: { principal: null },
    });
  });

  it.each(['authorization', 'x-api-key', 'api-key'])('takes the key from %s', async (header) => {
    const value = header === 'authorization' ? bearer(member).authorization : member.key.reveal();
    expect(await get('/v1/who', { [header]: value })).toMatchObject({
      status: 200,
      body: {
        principal: {
          keyId: member.id,
          role: 'client',
          clientId: member.clientId,
          clientName: 'ci',
        },
        allowed: ['fast', 'openai/gpt-4o'],
      },
    });
  });

  it('takes the same key twice', async () => {
    const headers = { ...bearer(member), 'x-api-key': member.key.reveal() };
    expect(await get('/v1/who', headers)).toMatchObject({ status: 200 });
  });

  it('refuses two different keys, good or not', async () => {
    const headers = { ...bearer(member), 'x-api-key': admin.key.reveal() };
    expect(await get('/v1/who', headers)).toMatchObject({
      status: 400,
      code: 'conflicting_credentials',
    });
  });

  it('never takes the key from the query', async () => {
    const query = new URLSearchParams({ key: member.key.reveal(), 'api-key': member.key.reveal() });
    expect(await get(`/v1/who?${query.toString()}`)).toMatchObject(INVALID);
  });

  it('opens admin routes to admin keys only', async () => {
    expect(await get('/api/who', bearer(admin))).toMatchObject({
      status: 200,
      body: { role: 'admin' },
    });
    expect(await get('/api/who', bearer(member))).toMatchObject({
      status: 403,
      code: 'insufficient_permissions',
    });
    const unknown = { 'x-api-key': generateApiKey().key.reveal() };
    expect(await get('/api/who', unknown)).toMatchObject(INVALID);
    expect(await get('/api/who')).toMatchObject({ status: 401, code: 'session_invalid' });
  });

  it('answers every key that is not good alike', async () => {
    const revoked = await keys.createForClientName('ci');
    await keys.revoke(revoked.id);
    const rotated = await keys.createForClientName('ci');
    await keys.rotate(rotated.id, { overlapMs: 0 });
    const inactive = await keys.createForClientName('gone');
    await application.get(ClientsService, { strict: false }).delete(inactive.clientId);
    const text = member.key.reveal();

    const answers = await Promise.all([
      get('/v1/who'),
      get('/v1/who', { authorization: 'Basic dTpw' }),
      get('/v1/who', { 'x-api-key': 'short' }),
      get('/v1/who', { 'x-api-key': 'x'.repeat(64) }),
      get('/v1/who', { 'x-api-key': 'x'.repeat(5_000) }),
      get('/v1/who', { 'x-api-key': generateApiKey().key.reveal() }),
      get('/v1/who', { 'x-api-key': text.slice(0, -1) + (text.endsWith('a') ? 'b' : 'a') }),
      get('/v1/who', bearer(revoked)),
      get('/v1/who', bearer(rotated)),
      get('/v1/who', bearer(inactive)),
    ]);

    for (const answer of answers) expect(answer).toMatchObject(INVALID);
    expect(new Set(answers.map(({ message }) => message)).size).toBe(1);
  });

  it('takes the demo key on this machine', async () => {
    const key = application.get(DemoAccess, { strict: false }).key();
    expect(await get('/v1/who', { 'x-api-key': key?.reveal() ?? '' })).toMatchObject({
      status: 200,
      body: { principal: { clientId: 'client_demo', clientName: 'demo', role: 'client' } },
    });
  });

  it('refuses a key that was good a moment ago as soon as it is revoked', async () => {
    const key = await keys.createForClientName('ci');
    expect(await get('/v1/who', bearer(key))).toMatchObject({ status: 200 });
    await keys.revoke(key.id);
    expect(await get('/v1/who', bearer(key))).toMatchObject(INVALID);
  });

  it('refuses all keys of a client that is made inactive, and takes them again when it is active', async () => {
    const clients = application.get(ClientsService, { strict: false });
    const key = await keys.createForClientName('paused');
    expect(await get('/v1/who', bearer(key))).toMatchObject({ status: 200 });
    await clients.update(key.clientId, { isActive: false });
    expect(await get('/v1/who', bearer(key))).toMatchObject(INVALID);
    await clients.update(key.clientId, { isActive: true });
    expect(await get('/v1/who', bearer(key))).toMatchObject({ status: 200 });
  });

  it('applies a change of the allowed models to the next request', async () => {
    const key = await keys.createForClientName('narrowed');
    expect((await get('/v1/who', bearer(key))).body).toMatchObject({
      allowed: ['fast', 'openai/gpt-4o', 'slow'],
    });
    const clients = application.get(ClientsService, { strict: false });
    await clients.update(key.clientId, { allowedModels: ['slow'] });
    expect((await get('/v1/who', bearer(key))).body).toMatchObject({ allowed: ['slow'] });
  });

  it('answers 404, not 401, on a path that does not exist', async () => {
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });
});
