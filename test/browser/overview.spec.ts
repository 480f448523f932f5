import { afterAll, beforeAll, expect, it } from 'vitest';
import { Dashboard } from './dashboard-page.js';

const REQUESTS = 7;

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  await (await dashboard.setUp()).close();
});

afterAll(() => dashboard.close());

it.each(['light', 'dark'] as const)('shows what was used, and how, %s', async (theme) => {
  await spend(dashboard.proxy, REQUESTS);
  const visit = await dashboard.signIn('/?range=1h', { theme });
  const { page } = visit;
  await page.locator('.recharts-bar-rectangle').first().waitFor();
  await visit.screenshot(`overview-full-${theme}`);
  expect(await visit.accessibilityViolations()).toEqual([]);

  // The tile, the sentence of the chart and the sum of its table are the same requests.
  const tile = page.locator('dl > div', { has: page.getByText('Requests', { exact: true }) });
  const shown = Number(await tile.locator('dd').first().textContent());
  expect(shown % REQUESTS).toBe(0);
  expect(shown).toBeGreaterThan(0);
  await page.getByText(`${shown} requests, most of them to simulated/echo.`).waitFor();
  await page.getByRole('button', { name: 'View as table' }).click();
  const cells = await page.getByRole('table').locator('tbody td:last-child').allTextContents();
  expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBe(shown);
  expect(await visit.accessibilityViolations()).toEqual([]);
  expect(visit.violations).toEqual([]);
  expect(visit.errors).toEqual([]);
  await visit.close();
});

/** Completions of the simulated provider, one after the other. */
async function spend(proxy: { url: string; output: string }, count: number): Promise<void> {
  const key = /Demo key[^:]*: (\S+)/.exec(proxy.output)?.[1] ?? '';
  for (let sent = 0; sent < count; sent += 1) {
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'simulated/echo',
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    });
    expect(answer.status).toBe(200);
    await answer.text();
  }
}
