import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import type { LiveHolder } from './live-holders.js';
import { LiveTicket } from './live-ticket.entity.js';

/** Long enough to open a connection with. */
const GOOD_FOR_MS = 30_000;
const TICKET_BYTES = 32;

/**
 * Tickets for live connections, since a browser cannot send a header with one. Kept in the database:
 * the process that opens the connection need not be the one that gave the ticket.
 */
@Injectable()
export class LiveTickets {
  constructor(private readonly writer: GroupCommitWriter) {}

  async issue(holder: LiveHolder): Promise<{ ticket: string; expiresAt: number }> {
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    const expiresAt = Date.now() + GOOD_FOR_MS;
    await this.writer.transaction(async (manager) => {
      await manager.delete(LiveTicket, { expiresAt: LessThan(Date.now()) });
      await manager.insert(LiveTicket, {
        hash: hashOf(ticket),
        holderKind: holder.kind,
        holderId: holder.id,
        expiresAt,
      });
    });
    return { ticket, expiresAt };
  }

  /** Who was given the ticket; undefined when it is unknown, used or too old. */
  async redeem(ticket: string): Promise<LiveHolder | undefined> {
    const hash = hashOf(ticket);
    return this.writer.transaction(async (manager) => {
      const row = await manager.findOneBy(LiveTicket, { hash });
      if (row === null) return undefined;
      const { affected } = await manager.delete(LiveTicket, { hash });
      // Another process may have been faster between the two.
      if (affected !== 1 || row.expiresAt <= Date.now()) return undefined;
      return { kind: row.holderKind, id: row.holderId };
    });
  }
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
