import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { session } from '@/api/session';
import { PageHeader } from '@/components/page-header';
import { QueryView } from '@/components/query-view';
import { Alert } from '@/components/ui/alert';
import { safeReturn } from './safe-return';
import { OidcButton } from './oidc-button';
import { SignInForm } from './sign-in-form';
import { SignInFrame } from './sign-in-frame';

export const page = createLazyRoute('/login')({ component: SignInPage });

function SignInPage() {
  const { t } = useTranslation('sign-in');
  const { returnTo, ended, error } = page.useSearch();
  const router = useRouter();
  const status = useQuery({ queryKey: ['auth', 'status'], queryFn: () => session.status() });
  const leave = () => void router.navigate({ href: safeReturn(returnTo) });

  return (
    <SignInFrame>
      <PageHeader title={t('title')} />
      <div className="space-y-4">
        {ended === true && <Alert tone="info">{t('ended')}</Alert>}
        {error !== undefined && <Alert tone="danger">{t('oidc.failed')}</Alert>}
        <QueryView query={status}>
          {({ setupRequired, oidc }) =>
            setupRequired ? (
              <Alert tone="info">{t('setUpFirst')}</Alert>
            ) : (
              <>
                <SignInForm onDone={leave} />
                {oidc.enabled && <OidcButton label={oidc.label} />}
              </>
            )
          }
        </QueryView>
      </div>
    </SignInFrame>
  );
}
