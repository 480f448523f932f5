import { useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '@/api/client';
import { useTimeRange } from '@/app/time-range/use-time-range';
import { TimeSeries } from '@/components/charts/time-series';
import { EmptyState } from '@/components/empty-state';
import { Panel } from '@/components/panel';
import { QueryView } from '@/components/query-view';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/format/use-format';
import { useChoice } from '@/preferences/choice';
import { timeZone } from '@/preferences/time-zone';
import { requestsOverTimeQuery } from './overview.queries';

/** Requests over time, by model. */
export function RequestsChart() {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const series = useQuery(requestsOverTimeQuery(useTimeRange(), useChoice(timeZone)));
  return (
    <QueryView query={series} pending={<Skeleton className="h-72" />}>
      {({ points, lines }) => {
        const total = totalOf(lines);
        if (total === 0) {
          return (
            <Panel title={t('chart.title')}>
              <EmptyState icon={ChartColumn} title={t('chart.none')} text={t('chart.noneText')} />
            </Panel>
          );
        }
        const [first] = lines;
        return (
          <TimeSeries
            title={t('chart.title')}
            sentence={t('chart.sentence', {
              requests: format.count(total),
              model: first?.name ?? t('chart.others'),
            })}
            series={lines.map(({ id, name }) => ({
              key: keyOf(id),
              label: name ?? t('chart.others'),
            }))}
            points={points.map(({ from }, index) => ({
              at: from,
              values: Object.fromEntries(
                lines.map(({ id, values }) => [keyOf(id), values[index] ?? null]),
              ),
            }))}
            format={format.compact}
          />
        );
      }}
    </QueryView>
  );
}

/** Names of models have dots, which the chart library would take for a path. */
function keyOf(id: string | null): string {
  return (id ?? '…').replaceAll('.', '_');
}

function totalOf(lines: readonly Schema<'UsageLineView'>[]): number {
  let total = 0;
  for (const { values } of lines) for (const value of values) total += value ?? 0;
  return total;
}
