import { useTranslation } from 'react-i18next';
import { Time } from '../relative-time';
import { Table, TableCell, TableHead, TableRow } from '../ui/table';
import type { TimeSeriesProps } from './time-series';

export function TimeSeriesTable({ title, points, series, format }: TimeSeriesProps) {
  const { t } = useTranslation();
  return (
    <div className="max-h-52 overflow-y-auto">
      <Table aria-label={title}>
        <thead>
          <tr>
            <TableHead>{t('chart.time')}</TableHead>
            {series.map(({ key, label }) => (
              <TableHead key={key} className="text-right">
                {label}
              </TableHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(({ at, values }) => (
            <TableRow key={at}>
              <TableCell>
                <Time iso={at} />
              </TableCell>
              {series.map(({ key }) => {
                const value = values[key];
                return (
                  <TableCell key={key} className="text-right">
                    {value == null ? '–' : format(value)}
                  </TableCell>
                );
              })}
            </TableRow>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
