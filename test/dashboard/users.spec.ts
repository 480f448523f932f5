import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsersService } from '../../src/auth/people/users.service.js';
import type { UserView, UserWithPasswordView } from '../../src/dashboard/users/user.view.js';
import { addPerson, DashboardClient, PASSWORD, signInAs } from '../support/dashboard-client.js';
import { TestApp } from '../support/test-app.js';

let app: TestApp;
let admin: DashboardClient;

beforeAll(async () => {
  app = await TestApp.start();
  admin = await signInAs(app, 'admin');
});

afterAll(() => app.close());

const create = (body: object) => admin.send<UserWithPasswordView>('POST', 'users', body);
const change = (id: string, body: object) => admin.send<UserView>('PATCH', `users/${id}`, body);

let people = 0;
async function someone(role = 'viewer'): Promise<UserWithPasswordView> {
  people += 1;
  const email = `someone-${people}@example.com`;
  const { status, body } = await create({ email, name: 'Someone', role });
  expect(status).toBe(201);
  return body;
}

describe('/api/users', () => {
  it('makes somebody with a temporary password, which is shown this once', async () => {
    const { status, body, headers } = await create({
      email: 'Grace@Example.com',
      name: ' Grace ',
      role: 'operator',
    });
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^user_[0-9a-f]{32}$/) as string,
        email: 'grace@example.com',
        name: 'Grace',
        role: 'operator',
        isActive: true,
        mustChangePassword: true,
        oidcIssuer: null,
        createdAt: expect.stringMatching(/Z$/) as string,
        updatedAt: expect.stringMatching(/Z$/) as string,
        lastLoginAt: null,
        temporaryPassword: expect.stringMatching(/^(\w{5}-){3}\w{5}$/) as string,
      },
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const { temporaryPassword, ...view } = body;
    expect((await admin.send('GET', `users/${view.id}`)).body).toEqual(view);
    const signedIn = await new DashboardClient(app.url).login(view.email, temporaryPassword ?? '');
    expect(signedIn.body).toMatchObject({ mustChangePassword: true });
    expect((await admin.send<UserView>('GET', `users/${view.id}`)).body.lastLoginAt).toMatch(/Z$/);
  });

  it('takes a password of the caller’s choice, to be changed all the same', async () => {
    const body = {
      email: 'chosen@example.com',
      name: 'Chosen',
      role: 'viewer',
      password: PASSWORD,
    };
    expect((await create(body)).body).toMatchObject({ temporaryPassword: null });
    const { body: login } = await new DashboardClient(app.url).login('chosen@example.com');
    expect(login.mustChangePassword).toBe(true);
  });

  it('makes one of many at once with the same address', async () => {
    const body = { email: 'wanted@example.com', name: 'Wanted', role: 'viewer' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        create({ ...body, email: index % 2 === 0 ? body.email : body.email.toUpperCase() }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
  });

  it.each<[string, object, string]>([
    ['no address', { email: 'nobody' }, 'email'],
    ['two addresses', { email: 'a@example.com,b@example.com' }, 'email'],
    ['no name', { name: ' ' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a role of their own making', { role: 'owner' }, 'role'],
    ['a list of roles', { role: ['admin'] }, 'role'],
    ['a short password', { password: 'short' }, 'password'],
    ['a hash', { passwordHash: 'x' }, 'passwordHash'],
    ['an id', { id: 'user_x' }, 'id'],
  ])('refuses %s', async (_, body, param) => {
    const good = { email: 'good@example.com', name: 'Good', role: 'viewer' };
    expect(await create({ ...good, ...body })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_value', param } },
    });
  });

  it('lists page by page', async () => {
    await someone();
    const found: string[] = [];
    let cursor = '';
    do {
      const { body } = await admin.send<{ items: UserView[]; nextCursor: string | null }>(
        'GET',
        `users?limit=2&cursor=${cursor}`,
      );
      found.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    const all = await app.app.get(UsersService, { strict: false }).list();
    expect(found).toEqual(all.map(({ id }) => id));
  });

  it('changes name, role and whether somebody is let in', async () => {
    const { id } = await someone();
    const changed = { name: 'Renamed', role: 'operator', isActive: false };
    expect((await change(id, changed)).body).toMatchObject({ id, ...changed });
    expect((await change(id, {})).body).toMatchObject({ id, ...changed });
    for (const member of ['email', 'mustChangePassword', 'passwordHash']) {
      expect(await change(id, { [member]: 'x' })).toMatchObject({
        status: 400,
        body: { error: { param: member } },
      });
    }
  });

  it('resets a password: the old one and every session end', async () => {
    const email = 'reset@example.com';
    const id = await addPerson(app, 'viewer', email);
    const client = await signInAs(app, 'viewer', email);
    // Somebody has tried so often that nobody can sign in.
    await Promise.all(
      Array.from({ length: 6 }, () => new DashboardClient(app.url).login(email, 'wrong')),
    );
    const { status, body } = await admin.send<UserWithPasswordView>(
      'POST',
      `users/${id}/reset-password`,
    );
    expect({ status, must: body.mustChangePassword }).toEqual({ status: 200, must: true });
    expect((await client.refresh()).status).toBe(401);
    const again = new DashboardClient(app.url);
    expect((await again.login(email, body.temporaryPassword ?? '')).body).toMatchObject({
      mustChangePassword: true,
    });
    expect((await new DashboardClient(app.url).login(email)).status).toBe(401);
  });

  it('removes somebody, and what they did stays known', async () => {
    const { id, email } = await someone();
    expect((await admin.send('DELETE', `users/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', `users/${id}`],
      ['PATCH', `users/${id}`],
      ['DELETE', `users/${id}`],
      ['POST', `users/${id}/reset-password`],
      ['GET', `users/${id}/sessions`],
      ['DELETE', `users/${id}/sessions`],
    ] as const) {
      const body = method === 'PATCH' ? {} : undefined;
      expect(await admin.send(method, path, body)).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    }
    expect((await create({ email, name: 'Again', role: 'viewer' })).status).toBe(201);
  });

  it('shows where somebody is signed in, and signs them out', async () => {
    const email = 'elsewhere@example.com';
    const id = await addPerson(app, 'viewer', email);
    const [one, two, three] = [
      await signInAs(app, 'viewer', email),
      await signInAs(app, 'viewer', email),
      await signInAs(app, 'viewer', email),
    ];
    const list = async () =>
      (await admin.send<{ items: { id: string }[] }>('GET', `users/${id}/sessions`)).body.items;
    const [first, ...rest] = await list();
    expect(rest).toHaveLength(2);
    expect((await admin.send('DELETE', `users/${id}/sessions/${first?.id}`)).status).toBe(204);
    expect((await one.refresh()).status).toBe(401);
    expect((await two.refresh()).status).toBe(200);
    expect((await admin.send('DELETE', `users/${id}/sessions`)).status).toBe(204);
    expect((await three.refresh()).status).toBe(401);
    expect(await list()).toEqual([]);
    expect((await admin.send('DELETE', `users/${id}/sessions/${first?.id}`)).status).toBe(404);
  });
});

describe('the last active administrator', () => {
  let own: TestApp;
  let ids: string[];
  let client: DashboardClient;

  beforeAll(async () => {
    own = await TestApp.start();
    client = await signInAs(own, 'admin', 'one@example.com');
    ids = [client.user?.id ?? '', await addPerson(own, 'admin', 'two@example.com')];
  });
  afterAll(() => own.close());

  it('stays: of two who are demoted at once, one is', async () => {
    const users = own.app.get(UsersService, { strict: false });
    const outcomes = await Promise.allSettled(
      ids.map((id) => users.update(id, { role: 'viewer' })),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [last] = (await users.list()).filter(({ role }) => role === 'admin');
    const key = new DashboardClient(own.url);
    key.accessToken = own.adminKey;
    for (const [method, body] of [
      ['PATCH', { role: 'operator' }],
      ['PATCH', { isActive: false }],
      ['DELETE', undefined],
    ] as const) {
      expect(await key.send(method, `users/${last?.id}`, body)).toMatchObject({
        status: 409,
        body: { error: { code: 'conflict' } },
      });
    }
    expect((await key.send('PATCH', `users/${last?.id}`, { name: 'Still' })).status).toBe(200);
  });
});
