import { readFileSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';
import { Public } from '../auth/access.decorators.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

@Controller('version')
@Public()
export class VersionController {
  @Get()
  version(): { version: string; node: string } {
    return { version, node: process.versions.node };
  }
}
