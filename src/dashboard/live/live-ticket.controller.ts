import { Controller, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RoleAccess } from '../../auth/access.decorators.js';
import { LiveHolders } from './live-holders.js';
import type { LiveTicketView } from './live-ticket.view.js';
import { LiveTickets } from './live-tickets.js';

@Controller('api/live/ticket')
@RoleAccess('viewer')
export class LiveTicketController {
  constructor(
    private readonly holders: LiveHolders,
    private readonly tickets: LiveTickets,
  ) {}

  @Post()
  async create(@Req() request: Request): Promise<LiveTicketView> {
    const { ticket, expiresAt } = await this.tickets.issue(this.holders.holderOf(request));
    return { ticket, expiresAt: new Date(expiresAt).toISOString() };
  }
}
