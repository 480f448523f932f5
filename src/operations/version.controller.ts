import { Controller, Get } from '@nestjs/common';
import { Public } from '../auth/access.decorators.js';
import { VERSION } from './version.js';

@Controller('version')
@Public()
export class VersionController {
  @Get()
  version(): { version: string; node: string } {
    return { version: VERSION, node: process.versions.node };
  }
}
