import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/ui/button';

/** Offers to load the page anew when a part of it is gone from the server. Never by itself: people may be typing. */
export function NewVersionNotice() {
  const { t } = useTranslation();
  const [isStale, setIsStale] = useState(false);

  useEffect(() => {
    const notice = () => setIsStale(true);
    window.addEventListener('vite:preloadError', notice);
    return () => window.removeEventListener('vite:preloadError', notice);
  }, []);

  if (!isStale) return null;
  return (
    <div
      role="status"
      className="fixed inset-x-2 bottom-2 z-50 flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-raised p-3 shadow-lg sm:inset-x-auto sm:right-4 sm:bottom-4"
    >
      <span>{t('stale.text')}</span>
      <Button size="sm" onClick={() => window.location.reload()}>
        {t('stale.action')}
      </Button>
    </div>
  );
}
