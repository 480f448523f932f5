import { Controller, Get, Next, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { Public } from '../../auth/access.decorators.js';
import { setPageHeaders } from './page-headers.js';
import { sendFile } from './send-file.js';
import { WebFiles } from './web-files.js';
import { WebPage } from './web-page.js';

/** What a missing address under these means is theirs to say, and never the page. */
const OTHERS = /^\/(?:api|v1|health|metrics|version|assets)(?:\/|$)/i;

/**
 * The page itself. Every address that nobody else has and that a browser opens shows it, and the
 * page then shows what the address means. What it cannot answer goes on to the next route.
 */
@Controller()
@ApiExcludeController()
@Public()
export class WebController {
  constructor(
    private readonly files: WebFiles,
    private readonly page: WebPage,
  ) {}

  @Get(['', '{*path}'])
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Next() next: NextFunction,
  ): Promise<void> {
    const path = `/${[request.params['path'] ?? []].flat().join('/')}`;
    const file = this.files.find(path.slice(1));
    if (file !== undefined) return sendFile(request, response, file);
    if (OTHERS.test(path) || !wantsPage(request)) return next();
    const rendered = this.page.render(request);
    if (rendered === undefined) return next();
    setPageHeaders(request, response, rendered.nonce);
    response.setHeader('cache-control', 'no-store');
    response.vary('cookie').vary('accept-language');
    response.type('html').send(rendered.html);
  }
}

/** A browser that opens an address names HTML; scripts and command lines take anything. */
function wantsPage(request: Request): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}
