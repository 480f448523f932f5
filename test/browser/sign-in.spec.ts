import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dashboard } from './dashboard-page.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start({ env: { BASE_PATH: '/llm' } });
});

afterAll(() => dashboard.close());

describe.each(['light', 'dark'] as const)('the sign-in page, %s', (theme) => {
  it.each([1280, 320])('can be read and worked by everybody, %i pixels wide', async (width) => {
    const visit = await dashboard.open('/login', { theme, width });
    const { page } = visit;
    await page.getByRole('combobox', { name: 'Language' }).waitFor();
    await visit.screenshot(`sign-in-${theme}-${width}`);
    expect(await visit.accessibilityViolations()).toEqual([]);
    expect(visit.violations).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await visit.close();
  });
});

it('leads to sign-in from everywhere, and back again by the address', async () => {
  const visit = await dashboard.open('/?range=7d');
  const url = new URL(visit.page.url());
  expect(url.pathname).toBe('/llm/login');
  expect(url.searchParams.get('returnTo')).toBe('/?range=7d');
  await visit.close();
});

it('is in the language of the browser, and stays in the one that was chosen', async () => {
  const visit = await dashboard.open('/login', { locale: 'de-DE' });
  const { page } = visit;
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Anmelden');

  await page.getByRole('combobox', { name: 'Sprache' }).click();
  await page.getByRole('option', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(visit.violations).toEqual([]);
  await visit.close();
});

it('has the chosen theme before any script runs', async () => {
  const visit = await dashboard.open('/login');
  const { page } = visit;
  await page.getByRole('combobox', { name: 'Theme' }).click();
  await page.getByRole('option', { name: 'Dark' }).click();
  await visit.context.route('**/*.js', (route) => route.abort());
  await page.reload();
  expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe('dark');
  await visit.close();
});

it('keeps the token of a set-up link out of the address', async () => {
  const visit = await dashboard.open('/setup#token=set-up-token');
  await visit.page.getByRole('textbox', { name: 'Email' }).waitFor();
  expect(visit.page.url()).not.toContain('token');
  expect(await visit.accessibilityViolations()).toEqual([]);
  await visit.screenshot('set-up');
  await visit.close();
});

it('offers to load the page anew when a part of it is gone from the server', async () => {
  const visit = await dashboard.open('/login');
  await visit.context.route('**/set-up.page-*.js', (route) => route.fulfill({ status: 404 }));
  await visit.page.evaluate(() => {
    history.pushState({}, '', 'setup#token=x');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await visit.page.getByRole('button', { name: 'Reload' }).waitFor();
  await visit.screenshot('stale');
  await visit.close();
});
