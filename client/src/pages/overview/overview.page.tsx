import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { healthQuery, versionQuery } from '@/api/operations';
import { PageHeader } from '@/components/page-header';
import { QueryView } from '@/components/query-view';
import { StatTile } from '@/components/stat-tile';
import { Badge, type Tone } from '@/components/ui/badge';
import { Skeleton } from '@/components/ui/skeleton';
import { BudgetsPanel } from './budgets-panel';
import { RequestsChart } from './requests-chart';
import { SummaryTiles } from './summary-tiles';

export const page = createLazyRoute('/frame/')({ component: OverviewPage });

const TONES: Record<'ok' | 'degraded' | 'down', Tone> = {
  ok: 'success',
  degraded: 'warning',
  down: 'danger',
};

function OverviewPage() {
  const { t } = useTranslation('overview');
  const health = useQuery(healthQuery);
  const version = useQuery(versionQuery);
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <SummaryTiles />
      <div className="mb-4">
        <RequestsChart />
      </div>
      <dl className="mb-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <QueryView query={health} pending={<Skeleton className="h-20" />}>
          {({ status }) => (
            <StatTile
              label={t('providers')}
              value={<Badge tone={TONES[status]}>{t(`health.${status}`)}</Badge>}
              note={t(`healthText.${status}`)}
            />
          )}
        </QueryView>
        <QueryView query={version} pending={<Skeleton className="h-20" />}>
          {({ version: current, node }) => (
            <StatTile label={t('version')} value={current} note={`Node ${node}`} />
          )}
        </QueryView>
      </dl>
      <BudgetsPanel />
    </>
  );
}
