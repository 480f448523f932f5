import { useQuery } from '@tanstack/react-query';
import { Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '@/api/client';
import { columnsFor } from '@/components/data-table/data-table-features';
import { DataTable } from '@/components/data-table/data-table';
import { EmptyState } from '@/components/empty-state';
import { Money } from '@/components/money';
import { Panel } from '@/components/panel';
import { QueryView } from '@/components/query-view';
import { RelativeTime } from '@/components/relative-time';
import { useFormat } from '@/format/use-format';
import { budgetsQuery } from './overview.queries';

type BudgetView = Schema<'BudgetView'>;

const column = columnsFor<BudgetView>();
const columns = column.columns([
  column.display({
    id: 'subject',
    header: () => <Heading name="subject" />,
    cell: ({ row }) => <Subject budget={row.original} />,
  }),
  column.display({
    id: 'spent',
    header: () => <Heading name="spent" />,
    cell: ({ row }) => <Money nanoUsd={row.original.spentNanoUsd} />,
    meta: { align: 'end' },
  }),
  column.display({
    id: 'limit',
    header: () => <Heading name="limit" />,
    cell: ({ row }) => <Money nanoUsd={row.original.limitNanoUsd} />,
    meta: { align: 'end' },
  }),
  column.display({
    id: 'used',
    header: () => <Heading name="used" />,
    cell: ({ row }) => <Used budget={row.original} />,
    meta: { align: 'end' },
  }),
  column.display({
    id: 'resets',
    header: () => <Heading name="resets" />,
    cell: ({ row: { original } }) =>
      original.resetsAt === null ? '–' : <RelativeTime iso={original.resetsAt} />,
  }),
]);

/** How far the budgets are spent. */
export function BudgetsPanel() {
  const { t } = useTranslation('overview');
  const budgets = useQuery(budgetsQuery);
  return (
    <Panel title={t('budgets.title')}>
      <QueryView query={budgets}>
        {({ items, nextCursor }) => (
          <DataTable
            label={t('budgets.title')}
            columns={columns}
            rows={items}
            rowId={({ id }) => id}
            hasMore={nextCursor !== null}
            empty={
              <EmptyState icon={Wallet} title={t('budgets.none')} text={t('budgets.noneText')} />
            }
          />
        )}
      </QueryView>
    </Panel>
  );
}

function Heading({ name }: { name: 'subject' | 'spent' | 'limit' | 'used' | 'resets' }) {
  const { t } = useTranslation('overview');
  return t(`budgets.${name}`);
}

function Subject({ budget }: { budget: BudgetView }) {
  const { t } = useTranslation('overview');
  const scope = t(`scope.${budget.scope}`);
  return budget.scopeId === '' ? scope : `${scope}: ${budget.scopeId}`;
}

function Used({ budget }: { budget: BudgetView }) {
  const format = useFormat();
  const { spentUsd, limitUsd } = budget;
  return limitUsd === 0 ? '–' : format.share(spentUsd / limitUsd);
}
