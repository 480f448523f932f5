import { csvLine } from '../../usage/csv-line.js';
import type { UsageBreakdownAnswer } from '../../usage/queries/usage-breakdown.js';
import type { Grouping } from '../../usage/queries/usage-grouping.js';
import { type UsageFiguresView, usageFiguresView } from './usage-figures.view.js';

/** The break-down as a table, its figures as the API names them, with the total as last row. */
export function breakdownCsv({ groups, total }: UsageBreakdownAnswer, by: Grouping): string {
  const totals = usageFiguresView(total);
  const columns = Object.keys(totals) as (keyof UsageFiguresView)[];
  const lines = [
    csvLine([by, 'name', ...columns]),
    ...groups.map((group) => {
      const figures = usageFiguresView(group);
      return csvLine([group.id, group.name, ...columns.map((column) => figures[column])]);
    }),
    csvLine(['total', '', ...columns.map((column) => totals[column])]),
  ];
  return lines.join('');
}
