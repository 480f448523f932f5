import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/components/page-header';
import { FailureText } from '@/components/failure-text';
import { Button } from '@/components/ui/button';
import { isStaleCode } from './stale-code';

/** In place of a page that failed. The frame around it stays usable. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const stale = isStaleCode(error);

  const retry = () => {
    queries.reset();
    reset();
    void router.invalidate();
  };

  return (
    <div className="p-4" role="alert">
      <PageHeader title={stale ? t('stale.title') : t('failure.title')} />
      <p className="mb-4 text-muted">{stale ? t('stale.text') : <FailureText error={error} />}</p>
      {stale ? (
        <Button onClick={() => window.location.reload()}>{t('stale.action')}</Button>
      ) : (
        <Button onClick={retry}>{t('retry')}</Button>
      )}
    </div>
  );
}
