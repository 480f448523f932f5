import type { CreatedApiKey, RotatedApiKey } from '../clients/api-key-view.js';
import type { Output } from './output.js';

/** Epoch milliseconds; null, for never, stays null. */
export function expiryAfter(lifetimeMs: number | null): number | null {
  return lifetimeMs === null ? null : Date.now() + lifetimeMs;
}

/** The one place that shows a key. */
export function printCreatedKey(
  output: Output,
  created: CreatedApiKey | RotatedApiKey,
  options: { json?: boolean },
): void {
  const replaces = 'replaces' in created ? created.replaces : undefined;
  if (options.json) {
    output.json({
      id: created.id,
      key: created.key.reveal(),
      client: created.clientName,
      role: created.role,
      ...(created.expiresAt === null ? {} : { expiresAt: isoTime(created.expiresAt) }),
      ...(replaces && { replaces: { id: replaces.id, expiresAt: isoTime(replaces.expiresAt) } }),
    });
    return;
  }
  output.line(`Key ${created.id} (${created.role}) of client ${created.clientName}:`);
  output.line('');
  output.line(`  ${created.key.reveal()}`);
  output.line('');
  output.line('Keep it now, it cannot be shown again.');
  if (created.expiresAt !== null) output.line(`It expires ${isoTime(created.expiresAt)}.`);
  if (replaces) output.line(`Key ${replaces.id} ends ${isoTime(replaces.expiresAt)}.`);
}

export function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
