import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { AuditFilter } from '../../audit/audit-list.js';
import { epochMsOf } from '../../common/time/day-or-time.js';
import { IsDayOrTime } from '../is-day-or-time.js';
import { PageQuery } from '../page.js';

/** Query of `GET /api/audit`. */
export class AuditQuery extends PageQuery {
  /** Id or name of who did it. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  actor?: string;

  /** What was done, such as `client.update`, or its first part, such as `client`, for all of that kind. */
  @IsOptional()
  @Matches(/^[\w.-]{1,64}$/)
  action?: string;

  /** Id or name of what it was done to. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  subject?: string;

  /** ISO 8601, inclusive; UTC where it names no offset. */
  @IsOptional()
  @IsDayOrTime()
  from?: string;

  /** ISO 8601, exclusive; UTC where it names no offset. */
  @IsOptional()
  @IsDayOrTime()
  to?: string;
}

export function auditFilterOf({ actor, action, subject, from, to }: AuditQuery): AuditFilter {
  return {
    actor,
    action,
    subject,
    from: from === undefined ? undefined : epochMsOf(from),
    to: to === undefined ? undefined : epochMsOf(to),
  };
}
