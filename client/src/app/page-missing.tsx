import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/components/page-header';
import { Button } from '@/components/ui/button';

export function PageMissing() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('missing.title')} description={t('missing.text')} />
      <Button asChild>
        <Link to="/">{t('missing.action')}</Link>
      </Button>
    </>
  );
}
