/** What happens to a client's request that meets a limit; `queueMs` is null where it is refused. */
export class OnLimitView {
  onLimit!: 'reject' | 'queue';
  queueMs!: number | null;
}

export function onLimitView({ queueMs }: { queueMs: number }): OnLimitView {
  return queueMs === 0 ? { onLimit: 'reject', queueMs: null } : { onLimit: 'queue', queueMs };
}
