import { useTranslation } from 'react-i18next';
import { ApiFailure } from '@/api/api-failure';

/** What went wrong, in words for people; with the request id, to look it up in the log. */
export function FailureText({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiFailure)) return <>{t('failure.unknown')}</>;
  if (error.code === 'network') return <>{t('failure.network')}</>;
  if (error.code === 'timeout') return <>{t('failure.timeout')}</>;
  return (
    <>
      {error.message}
      {error.requestId !== undefined && (
        <span className="block text-xs text-muted">
          {t('failure.requestId')} <code className="break-all">{error.requestId}</code>
        </span>
      )}
    </>
  );
}
