import { useTranslation } from 'react-i18next';
import { Badge } from '@/components/ui/badge';
import type { LiveState } from './live-connection';

/** Says how the live connection is, and how many events were missed since it was opened. */
export function LiveNotice({ state, missed }: { state: LiveState; missed: number }) {
  const { t } = useTranslation();
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-2">
      <Badge tone={state === 'open' ? 'success' : 'warning'}>{t(`live.${state}`)}</Badge>
      {missed > 0 && <Badge tone="warning">{t('live.lagged', { count: missed })}</Badge>}
    </span>
  );
}
