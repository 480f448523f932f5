import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import type { ProviderChange } from '../../provisioning/stored-providers.service.js';
import { StoredProviders } from '../../provisioning/stored-providers.service.js';
import { pageOf, PageQuery } from '../page.js';
import { plainValues } from '../plain-values.js';
import {
  ProviderBody,
  ProviderChangeBody,
  type ProviderFieldsBody,
  ProviderReplaceBody,
} from './provider.dto.js';
import type { ProviderPage, ProviderView } from './provider.view.js';
import { ProvidersDesk } from './providers-desk.js';

@Controller('api/providers')
export class ProvidersController {
  constructor(
    private readonly desk: ProvidersDesk,
    private readonly providers: StoredProviders,
  ) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Query() query: PageQuery): Promise<ProviderPage> {
    const all = (await this.desk.list()).map((view) => ({ ...view, id: view.name }));
    const { items, nextCursor } = pageOf(all, query);
    return { items: items.map(({ id: _id, ...view }) => view), nextCursor };
  }

  @Post()
  @RoleAccess('admin')
  async create(@Body() { name, ...fields }: ProviderBody): Promise<ProviderView> {
    await this.providers.create(name, changeOf(fields));
    return this.desk.get(name);
  }

  @Get(':name')
  @RoleAccess('viewer')
  get(@Param('name') name: string): Promise<ProviderView> {
    return this.desk.get(name);
  }

  /** Everything anew; keys that are not given stay, unless the address changes. */
  @Put(':name')
  @RoleAccess('admin')
  async replace(
    @Param('name') name: string,
    @Body() body: ProviderReplaceBody,
  ): Promise<ProviderView> {
    await this.providers.replace(name, changeOf(body));
    return this.desk.get(name);
  }

  @Patch(':name')
  @RoleAccess('admin')
  async change(
    @Param('name') name: string,
    @Body() body: ProviderChangeBody,
  ): Promise<ProviderView> {
    await this.providers.change(name, changeOf(body));
    return this.desk.get(name);
  }

  /** With its prices and switches; refused while routes lead to it. */
  @Delete(':name')
  @RoleAccess('admin')
  @HttpCode(204)
  async remove(@Param('name') name: string): Promise<void> {
    await this.providers.remove(name);
  }
}

/** As it is stored: plain values, the keys apart. */
export function changeOf({ apiKeys, ...values }: ProviderFieldsBody): ProviderChange {
  return { values: plainValues(values), apiKeys };
}
