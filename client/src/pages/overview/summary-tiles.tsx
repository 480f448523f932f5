import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schema } from '@/api/client';
import { useTimeRange } from '@/app/time-range/use-time-range';
import { Money } from '@/components/money';
import { QueryView } from '@/components/query-view';
import { StatTile } from '@/components/stat-tile';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/format/use-format';
import { summaryQuery } from './overview.queries';

/** The figures of the range, against the range before. */
export function SummaryTiles() {
  const summary = useQuery(summaryQuery(useTimeRange()));
  return (
    <QueryView query={summary} pending={<Skeleton className="mb-4 h-48" />}>
      {(data) => <Tiles summary={data} />}
    </QueryView>
  );
}

function Tiles({ summary }: { summary: Schema<'UsageSummaryView'> }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const { before } = summary;
  const milliseconds = (value: number | null) => (value === null ? '–' : format.duration(value));
  return (
    <dl className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile
        label={t('requests')}
        value={format.count(summary.requests)}
        delta={changeOf(summary.requests, before.requests)}
      />
      <StatTile
        label={t('cost')}
        value={<Money nanoUsd={summary.costNanoUsd} />}
        delta={changeOf(summary.costUsd, before.costUsd)}
        note={summary.unpricedRequests > 0 && t('unpriced', { count: summary.unpricedRequests })}
      />
      <StatTile
        label={t('input')}
        value={format.compact(summary.inputTokens)}
        delta={changeOf(summary.inputTokens, before.inputTokens)}
        note={t('cached', { tokens: format.compact(summary.cachedInputTokens) })}
      />
      <StatTile
        label={t('output')}
        value={format.compact(summary.outputTokens)}
        delta={changeOf(summary.outputTokens, before.outputTokens)}
      />
      <StatTile
        label={t('errorRate')}
        value={summary.errorRate === null ? '–' : format.share(summary.errorRate)}
        delta={changeOf(summary.errorRate, before.errorRate)}
        better="less"
      />
      <StatTile
        label={t('latency')}
        value={milliseconds(summary.latencyP50Ms)}
        delta={changeOf(summary.latencyP50Ms, before.latencyP50Ms)}
        better="less"
        note={t('p95', { duration: milliseconds(summary.latencyP95Ms) })}
      />
      <StatTile
        label={t('firstChunk')}
        value={milliseconds(summary.firstChunkP50Ms)}
        delta={changeOf(summary.firstChunkP50Ms, before.firstChunkP50Ms)}
        better="less"
        note={t('p95', { duration: milliseconds(summary.firstChunkP95Ms) })}
      />
      <StatTile
        label={t('streams')}
        value={format.count(summary.activeStreams)}
        note={t('streamsNow')}
      />
    </dl>
  );
}

/** As a share of what was before; undefined where there was nothing to compare with. */
function changeOf(now: number | null, before: number | null): number | undefined {
  return now === null || before === null || before === 0 ? undefined : now / before - 1;
}
