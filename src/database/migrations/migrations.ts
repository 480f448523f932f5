import { InitialSchema } from './0001-initial-schema.js';
import { UsageRollupsByTrigger } from './0002-usage-rollups-by-trigger.js';
import { StoredResponses } from './0003-stored-responses.js';
import { LimitsAndBudgets } from './0004-limits-and-budgets.js';
import { Budgets } from './0005-budgets.js';
import { RollupsByMinuteHourDay } from './0006-rollups-by-minute-hour-day.js';
import { UsageUnitColumns } from './0007-usage-units.js';
import { UsageRouteColumn } from './0008-usage-route.js';
import { UsagePendingEntries } from './0009-usage-pending-entries.js';
import { AuditEntries } from './0011-audit-entries.js';
import { PeopleAndSessions } from './0012-people-and-sessions.js';
import { StoredObjects } from './0013-stored-objects.js';
import { LatenciesAndBodies } from './0014-latencies-and-bodies.js';
import { Operations } from './0015-operations.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first. A released one is never changed: add the next. */
export const MIGRATIONS: readonly (new () => Migration)[] = [
  InitialSchema,
  UsageRollupsByTrigger,
  StoredResponses,
  LimitsAndBudgets,
  Budgets,
  RollupsByMinuteHourDay,
  UsageUnitColumns,
  UsageRouteColumn,
  UsagePendingEntries,
  AuditEntries,
  PeopleAndSessions,
  StoredObjects,
  LatenciesAndBodies,
  Operations,
];
