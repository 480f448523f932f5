import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ProxyProcess } from '../support/proxy-process.js';
import { startBrowser } from './browser.js';

const SCREENSHOTS = process.env['SCREENSHOTS_DIR'];

/** What is no rule of WCAG but of ours. */
const FURTHER_RULES = [
  'page-has-heading-one',
  'landmark-one-main',
  'heading-order',
  'label-content-name-mismatch',
  'target-size',
];

export interface DashboardOptions {
  /** Contents of the configuration file; empty when absent. */
  readonly yaml?: string;
  readonly env?: Record<string, string>;
}

/** The first account, made by `setUp`. */
export const ADMIN = { email: 'ada@example.com', password: 'eleven quiet herons by the weir' };

export interface PageOptions {
  readonly theme?: 'light' | 'dark';
  /** BCP 47. */
  readonly locale?: string;
  readonly width?: number;
}

export interface SignInOptions extends PageOptions {
  /** The first administrator when absent. */
  readonly person?: { readonly email: string; readonly password: string };
}

/** The built proxy and a browser in front of it. */
export class Dashboard {
  private constructor(
    readonly proxy: ProxyProcess,
    private readonly browser: Browser,
    private readonly dataDir: string,
    private readonly basePath: string,
  ) {}

  static async start({ yaml = '{}', env = {} }: DashboardOptions = {}): Promise<Dashboard> {
    const dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-browser-'));
    const browser = await startBrowser();
    try {
      const proxy = await ProxyProcess.start({ dataDir, yaml, env });
      return new Dashboard(proxy, browser, dataDir, env['BASE_PATH'] ?? '');
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Follows the set-up link that the proxy printed, and is the first administrator from then on. */
  async setUp(options?: PageOptions): Promise<DashboardPage> {
    const token = /\/setup#token=(\S+)/.exec(this.proxy.output)?.[1];
    if (token === undefined) throw new Error(`no set-up link was printed:\n${this.proxy.output}`);
    const visit = await this.open(`/setup#token=${token}`, options);
    const { page } = visit;
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada');
    await page.getByRole('textbox', { name: 'Email' }).fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    return visit;
  }

  /** Signs in by the page, in a browser that has been nowhere, and goes on to where the path leads. */
  async signIn(path: string, options: SignInOptions = {}): Promise<DashboardPage> {
    const visit = await this.open(path, options);
    await visit.fillSignIn(options.person ?? ADMIN);
    return visit;
  }

  /** A page of a browser that has been nowhere. */
  async open(path: string, options: PageOptions = {}): Promise<DashboardPage> {
    const { theme = 'light', locale = 'en-GB', width = 1280 } = options;
    const context = await this.browser.newContext({
      colorScheme: theme,
      locale,
      timezoneId: 'Europe/Berlin',
      viewport: { width, height: 800 },
    });
    const page = await DashboardPage.in(context);
    context.setDefaultTimeout(10_000);
    await page.goTo(`${new URL(this.proxy.url).origin}${this.basePath}${path}`);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.proxy.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** One page, with what the browser itself had against it. */
export class DashboardPage {
  /** What the content security policy refused. */
  readonly violations: string[] = [];
  /** What was written as an error to the console, and what nobody caught. */
  readonly errors: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async in(context: BrowserContext): Promise<DashboardPage> {
    const dashboardPage = new DashboardPage(context, await context.newPage());
    await dashboardPage.#listen();
    return dashboardPage;
  }

  async goTo(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** Fills in the form that is shown, and waits until it is gone. */
  async fillSignIn({ email, password }: { email: string; password: string }): Promise<void> {
    const { page } = this;
    await page.getByRole('textbox', { name: 'Email' }).fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ state: 'detached' });
  }

  /** Rules of WCAG 2.2 AA that the page breaks, with the elements that do. */
  async accessibilityViolations(): Promise<{ rule: string; targets: string[] }[]> {
    await this.#settle();
    const { violations } = await new AxeBuilder({ page: this.page })
      .options({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        rules: Object.fromEntries(FURTHER_RULES.map((rule) => [rule, { enabled: true }])),
      })
      .analyze();
    return violations.map(({ id, nodes }) => ({
      rule: id,
      targets: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    }));
  }

  /** Keeps a picture of the page where SCREENSHOTS_DIR says, for people to look at. */
  async screenshot(name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.#settle();
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Half of a fade has other colours than either end. */
  async #settle(): Promise<void> {
    await this.page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((animation) => animation.effect?.getTiming().iterations !== Infinity)
          .map((animation) => animation.finished.catch(() => undefined)),
      ),
    );
  }

  async #listen(): Promise<void> {
    this.page.on('pageerror', (error) => this.errors.push(error.message));
    this.page.on('console', (message) => {
      const text = message.text();
      // That somebody is not signed in yet is an answer of the server, and no mistake of the page.
      if (message.type() === 'error' && !text.includes('401')) this.errors.push(text);
    });
    await this.page.exposeFunction('tellViolation', (text: string) => this.violations.push(text));
    await this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const { tellViolation } = window as unknown as { tellViolation: (text: string) => void };
        tellViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`);
      });
    });
  }
}
