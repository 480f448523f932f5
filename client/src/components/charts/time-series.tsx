import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button';
import { Card, CardContent, CardHeader, CardTitle } from '../ui/card';
import { Skeleton } from '../ui/skeleton';
import { TimeSeriesTable } from './time-series-table';

const TimeSeriesChart = lazy(() => import('./time-series-chart'));

export interface Series {
  /** Name of the value in each point. */
  key: string;
  label: string;
}

export interface TimePoint {
  /** ISO 8601, the beginning of the interval. */
  at: string;
  /** By key of the series; null where nothing is known, which is drawn as a gap. */
  values: Record<string, number | null>;
}

export interface TimeSeriesProps {
  title: string;
  /** What the chart says, in words. */
  sentence: string;
  /** Oldest first. */
  points: readonly TimePoint[];
  series: readonly Series[];
  format: (value: number) => string;
  /** Bars for amounts of an interval, stacked; lines for levels. */
  kind?: 'bars' | 'lines';
}

/** Figures over time: drawn, said in a sentence, and as a table. */
export function TimeSeries(props: TimeSeriesProps) {
  const { t } = useTranslation();
  const id = useId();
  const [isTable, setIsTable] = useState(false);
  return (
    <Card aria-labelledby={id}>
      <CardHeader>
        <CardTitle id={id}>{props.title}</CardTitle>
        <Button
          variant="ghost"
          size="sm"
          aria-pressed={isTable}
          onClick={() => setIsTable(!isTable)}
        >
          {t('chart.asTable')}
        </Button>
      </CardHeader>
      <CardContent>
        <p className="mb-2 text-xs text-muted">{props.sentence}</p>
        {isTable ? (
          <TimeSeriesTable {...props} />
        ) : (
          <Suspense fallback={<Skeleton className="h-52 w-full" />}>
            <div aria-hidden="true">
              <TimeSeriesChart {...props} />
            </div>
          </Suspense>
        )}
      </CardContent>
    </Card>
  );
}
