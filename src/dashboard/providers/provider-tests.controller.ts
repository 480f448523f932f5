import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ProviderTests } from '../../provisioning/provider-tests.js';
import { ProviderDraftBody, ProviderTestBody } from './provider-test.dto.js';
import { providerTestView, type ProviderTestView } from './provider-test.view.js';
import { changeOf } from './providers.controller.js';

/** One real call, to see whether a provider answers. */
@Controller('api/providers')
export class ProviderTestsController {
  constructor(private readonly tests: ProviderTests) {}

  /** Of a provider that is not saved. */
  @Post('test')
  @RoleAccess('admin')
  @HttpCode(200)
  async testDraft(@Body() { model, ...fields }: ProviderDraftBody): Promise<ProviderTestView> {
    return providerTestView(await this.tests.testDraft(changeOf(fields), model));
  }

  @Post(':name/test')
  @RoleAccess('operator')
  @HttpCode(200)
  async test(
    @Param('name') name: string,
    @Body() { model }: ProviderTestBody,
  ): Promise<ProviderTestView> {
    return providerTestView(await this.tests.test(name, model));
  }
}
