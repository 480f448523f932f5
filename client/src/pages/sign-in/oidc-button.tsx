import { useTranslation } from 'react-i18next';
import { BASE_PATH } from '@/app/base-path';
import { Button } from '@/components/ui/button';

/** Leads to single sign-on by way of the server, which comes back with a session. */
export function OidcButton({ label }: { label: string | null }) {
  const { t } = useTranslation('sign-in');
  return (
    <>
      <p className="text-center text-xs text-muted">{t('oidc.or')}</p>
      <Button asChild variant="outline" size="lg" className="w-full">
        <a href={`${BASE_PATH}/api/auth/oidc/start`}>
          {t('oidc.action', { provider: label ?? 'OpenID Connect' })}
        </a>
      </Button>
    </>
  );
}
