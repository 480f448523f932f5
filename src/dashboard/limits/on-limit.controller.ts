import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ClientsService } from '../../clients/clients.service.js';
import { LONGEST_QUEUE_MS } from '../../config/file-values.js';
import { DEFAULT_QUEUE_MS } from '../../config/limit-values.js';

/** Body of `PUT /api/clients/:id/on-limit`. */
export class OnLimitBody {
  @IsIn(['reject', 'queue'])
  onLimit!: 'reject' | 'queue';

  /** Longest wait under `queue`, in milliseconds. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_QUEUE_MS)
  queueMs = DEFAULT_QUEUE_MS;
}

/** What happens to a client's request that meets a limit; `queueMs` is null where it is refused. */
export interface OnLimitView {
  onLimit: 'reject' | 'queue';
  queueMs: number | null;
}

@Controller('api/clients/:id/on-limit')
export class OnLimitController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  @RoleAccess('viewer')
  async get(@Param('id') id: string): Promise<OnLimitView> {
    return view(await this.clients.get(id));
  }

  @Put()
  @RoleAccess('operator')
  async put(
    @Param('id') id: string,
    @Body() { onLimit, queueMs }: OnLimitBody,
  ): Promise<OnLimitView> {
    return view(await this.clients.update(id, { queueMs: onLimit === 'queue' ? queueMs : 0 }));
  }
}

function view({ queueMs }: { queueMs: number }): OnLimitView {
  return queueMs === 0 ? { onLimit: 'reject', queueMs: null } : { onLimit: 'queue', queueMs };
}
