import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Configuration } from '../../config/configuration.js';
import { WebFiles } from './web-files.js';

const NONCE_BYTES = 16;
const THEMES = ['system', 'light', 'dark'];
const LANGUAGES = ['en', 'de'];

/** The HTML for one person: in their theme and language from the first byte, with its own nonce. */
@Injectable()
export class WebPage {
  readonly #base: string;

  constructor(
    private readonly files: WebFiles,
    configuration: Configuration,
  ) {
    this.#base = `${configuration.environment.basePath}/`;
  }

  /** Undefined when the page is not built. */
  render(request: Request): { html: string; nonce: string } | undefined {
    const { index } = this.files;
    if (index === undefined) return undefined;
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const cookies = request.headers.cookie ?? '';
    const theme = preference(cookies, 'theme', THEMES) ?? 'system';
    const accepted = request.acceptsLanguages(LANGUAGES);
    const language =
      preference(cookies, 'language', LANGUAGES) ?? (accepted === false ? 'en' : accepted);
    const html = index
      .replace(
        '<html lang="en" data-theme="system">',
        `<html lang="${language}" data-theme="${theme}">`,
      )
      .replace('<base href="/" />', `<base href="${this.#base}" />`)
      .replace('nonce=""', `nonce="${nonce}"`);
    return { html, nonce };
  }
}

/** One of the known values, so that nothing from outside is written into the page. */
function preference(cookies: string, name: string, known: readonly string[]): string | undefined {
  const value = new RegExp(`(?:^|; )llm-proxy-${name}=(\\w+)`).exec(cookies)?.[1];
  return known.find((each) => each === value);
}
