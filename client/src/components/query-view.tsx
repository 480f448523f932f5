import type { UseQueryResult } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureText } from './failure-text';
import { Alert } from './ui/alert';
import { Button } from './ui/button';
import { Skeleton } from './ui/skeleton';

export interface QueryViewProps<Data> {
  query: UseQueryResult<Data>;
  /** In place of the data while it is asked for; as large as they will be. */
  pending?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Data of the server in a panel: waiting, there, or failed with a retry. Old data stays shown. */
export function QueryView<Data>({ query, pending, children }: QueryViewProps<Data>) {
  const { t } = useTranslation();
  const { data, error, isFetching } = query;
  if (data === undefined && error === null) {
    return (
      <div aria-busy="true">
        <span className="sr-only">{t('loading')}</span>
        {pending ?? <Skeleton className="h-24 w-full" />}
      </div>
    );
  }
  return (
    <>
      {error !== null && (
        <Alert tone="danger" className="mb-3">
          <div>
            <FailureText error={error} />
          </div>
          <Button
            variant="outline"
            size="sm"
            disabled={isFetching}
            onClick={() => void query.refetch()}
          >
            <RotateCw aria-hidden="true" />
            {t('retry')}
          </Button>
        </Alert>
      )}
      {data !== undefined && children(data)}
    </>
  );
}
