import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ApiKeysService } from '../../clients/api-keys.service.js';
import { ClientsService } from '../../clients/clients.service.js';
import { ApiError } from '../../common/errors/api-error.js';
import { epochMsOf } from '../../common/time/day-or-time.js';
import { pageOf, PageQuery } from '../page.js';
import { ApiKeyBody, RotateKeyBody } from './api-key.dto.js';
import {
  type ApiKeyPage,
  type ApiKeyView,
  apiKeyViewOf,
  type NewApiKeyView,
  newApiKeyViewOf,
} from './api-key.view.js';

@Controller('api/clients/:id/keys')
export class ClientKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly clients: ClientsService,
  ) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Param('id') id: string, @Query() query: PageQuery): Promise<ApiKeyPage> {
    await this.clients.get(id);
    return pageOf((await this.keys.list({ clientId: id })).map(apiKeyViewOf), query);
  }

  /** The answer is the only place where the key is ever shown. */
  @Post()
  @RoleAccess('operator')
  async create(@Param('id') id: string, @Body() body: ApiKeyBody): Promise<NewApiKeyView> {
    const { role, expiresAt } = body;
    return newApiKeyViewOf(await this.keys.create(id, { role, expiresAt: timeOf(expiresAt) }));
  }

  /** A new key; the old one stays good for the overlap. */
  @Post(':keyId/rotate')
  @RoleAccess('operator')
  async rotate(
    @Param('id') id: string,
    @Param('keyId') keyId: string,
    @Body() { overlapSeconds, expiresAt }: RotateKeyBody,
  ): Promise<NewApiKeyView> {
    await this.#refuseOther(id, keyId);
    return newApiKeyViewOf(
      await this.keys.rotate(keyId, {
        overlapMs: overlapSeconds === undefined ? undefined : overlapSeconds * 1000,
        expiresAt: timeOf(expiresAt),
      }),
    );
  }

  /** Refused everywhere within a second. */
  @Delete(':keyId')
  @RoleAccess('operator')
  @HttpCode(200)
  async revoke(@Param('id') id: string, @Param('keyId') keyId: string): Promise<ApiKeyView> {
    await this.#refuseOther(id, keyId);
    return apiKeyViewOf(await this.keys.revoke(keyId));
  }

  async #refuseOther(clientId: string, keyId: string): Promise<void> {
    const keys = await this.keys.list({ clientId });
    if (keys.some(({ id }) => id === keyId)) return;
    throw new ApiError('not_found', 'There is no such API key.');
  }
}

function timeOf(text: string | null | undefined): number | null | undefined {
  return typeof text === 'string' ? epochMsOf(text) : text;
}
