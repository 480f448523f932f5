import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, Dashboard } from './dashboard-page.js';

const PERSON = { email: 'grace@example.com', password: 'seven loud magpies on a fence' };

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start({ env: { BASE_PATH: '/llm' } });
});

afterAll(() => dashboard.close());

it('makes the first account from the link that the proxy printed, and outlives a reload', async () => {
  const visit = await dashboard.setUp();
  const { page } = visit;
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.getItem('token')])).toEqual(
    [0, null],
  );
  expect(visit.violations).toEqual([]);
  await visit.close();
});

it('refuses a wrong password in words', async () => {
  const visit = await dashboard.open('/login');
  const { page } = visit;
  await page.getByRole('textbox', { name: 'Email' }).fill(ADMIN.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  expect(await visit.accessibilityViolations()).toEqual([]);
  await visit.screenshot('sign-in-refused');
  await visit.close();
});

it('says that a session has ended in the middle of work, and goes on where it was', async () => {
  const visit = await dashboard.signIn('/?range=7d');
  const { page } = visit;
  await page.getByText('No budgets').waitFor();
  await endAllSessions(dashboard);

  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Your session has ended').waitFor();
  await visit.screenshot('session-ended');
  await visit.fillSignIn(ADMIN);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  expect(new URL(page.url()).search).toBe('?range=7d');
  await visit.close();
});

it('keeps ten tabs of one browser signed in, and signs all of them out together', async () => {
  const visit = await dashboard.signIn('/');
  const url = visit.page.url();
  const tabs = await Promise.all(Array.from({ length: 10 }, () => visit.context.newPage()));
  // They all renew the same cookie at once; one that was used twice would end the session.
  await Promise.all(tabs.map((tab) => tab.goto(url)));
  for (const tab of tabs) await tab.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

  await visit.page.getByRole('button', { name: 'Account' }).click();
  await visit.page.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [visit.page, ...tabs]) {
    await tab.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  }
  await visit.close();
});

it('lets nobody past a password that somebody else chose', async () => {
  await makePerson(dashboard);
  const visit = await dashboard.open('/?range=7d');
  await visit.fillSignIn(PERSON);
  const { page } = visit;
  await page.getByRole('heading', { level: 1, name: 'Choose a password' }).waitFor();
  expect(await visit.accessibilityViolations()).toEqual([]);
  await page.goto(`${new URL(page.url()).origin}/llm/`);
  await page.getByRole('heading', { level: 1, name: 'Choose a password' }).waitFor();

  await page.getByLabel('Current password').fill(PERSON.password);
  await page.getByLabel('New password').fill('nine tall poplars along the lane');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await visit.close();
});

describe('without a mouse', () => {
  it('leads past the navigation, by keys to a page, and back to where the focus was', async () => {
    const visit = await dashboard.signIn('/');
    const { page } = visit;
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');

    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Go to or do' });
    await palette.waitFor();
    await page.keyboard.type('dark');
    await page.keyboard.press('Enter');
    await palette.waitFor({ state: 'detached' });
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');

    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await visit.close();
  });
});

describe.each(['light', 'dark'] as const)('the frame, %s', (theme) => {
  it.each([1280, 320])('can be used by everybody, %i pixels wide', async (width) => {
    const visit = await dashboard.signIn('/', { theme, width });
    const { page } = visit;
    const look = async (name: string) => {
      await visit.screenshot(`${name}-${theme}-${width}`);
      expect({ name, found: await visit.accessibilityViolations() }).toEqual({ name, found: [] });
    };
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: /Time range/ }).waitFor();
    await look('overview');

    await page.getByRole('button', { name: /Time range/ }).click();
    await page.getByRole('dialog', { name: 'Time range' }).waitFor();
    await look('time-range');
    await page.getByRole('button', { name: '7 days' }).click();
    expect(new URL(page.url()).searchParams.get('range')).toBe('7d');

    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Go to or do' }).waitFor();
    await look('palette');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menu').waitFor();
    await look('account');
    await page.keyboard.press('Escape');

    if (width < 1024) {
      await page.getByRole('button', { name: 'Navigation' }).click();
      await page.getByRole('dialog').waitFor();
      await look('navigation');
    }
    expect(visit.violations).toEqual([]);
    expect(visit.errors).toEqual([]);
    await visit.close();
  });
});

it('says it when there is no such page', async () => {
  const visit = await dashboard.signIn('/nothing/here');
  await visit.page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  expect(await visit.accessibilityViolations()).toEqual([]);
  await visit.close();
});

async function focused(page: {
  evaluate: (read: () => string | null | undefined) => Promise<unknown>;
}) {
  return page.evaluate(() => document.activeElement?.textContent);
}

/** The access token of a person, by the route that the page uses. */
async function tokenOf({ proxy }: Dashboard, person = ADMIN): Promise<string> {
  const answer = await fetch(`${proxy.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

async function endAllSessions(of: Dashboard): Promise<void> {
  const { proxy } = of;
  const authorization = `Bearer ${await tokenOf(of)}`;
  const list = await fetch(`${proxy.url}/api/auth/sessions`, { headers: { authorization } });
  const { items } = (await list.json()) as { items: { id: string; isCurrent: boolean }[] };
  for (const { id } of items.filter(({ isCurrent }) => !isCurrent)) {
    await fetch(`${proxy.url}/api/auth/sessions/${id}`, {
      method: 'DELETE',
      headers: { authorization },
    });
  }
}

async function makePerson(of: Dashboard): Promise<void> {
  await fetch(`${of.proxy.url}/api/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf(of)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...PERSON, name: 'Grace', role: 'viewer' }),
  });
}
