import { zodResolver } from '@hookform/resolvers/zod';
import { createLazyRoute, useNavigate, useRouter } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { session } from '@/api/session';
import { useUser } from '@/api/use-session';
import { signOut } from '@/app/sign-out';
import { PageHeader } from '@/components/page-header';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { FormFailure } from './form-failure';
import { newPassword, SHORTEST_PASSWORD } from './new-password';
import { safeReturn } from './safe-return';
import { SignInFrame } from './sign-in-frame';
import { useSubmit } from './use-submit';

export const page = createLazyRoute('/change-password')({ component: ChangePasswordPage });

const fields = z.object({
  currentPassword: z.string().check(z.minLength(1)),
  newPassword,
});

function ChangePasswordPage() {
  const { t } = useTranslation('sign-in');
  const { returnTo } = page.useSearch();
  const router = useRouter();
  const navigate = useNavigate();
  const user = useUser();
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { currentPassword: '', newPassword: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const { submit, failure } = useSubmit<z.infer<typeof fields>>(
    (values) => session.changePassword(values.currentPassword, values.newPassword),
    () => void router.navigate({ href: safeReturn(returnTo) }),
  );

  return (
    <SignInFrame>
      <PageHeader title={t('change.title')} description={t('change.text')} />
      <form
        className="space-y-4"
        noValidate
        onSubmit={(event) => void form.handleSubmit(submit)(event)}
      >
        <FormFailure failure={failure} />
        {/* Password managers want to know whose password this is. */}
        <input type="hidden" autoComplete="username" value={user?.email ?? ''} readOnly />
        <Field label={t('change.current')} error={errors.currentPassword && t('required')}>
          {(control) => (
            <Input
              {...control}
              {...form.register('currentPassword')}
              type="password"
              autoComplete="current-password"
              className="h-10"
            />
          )}
        </Field>
        <Field
          label={t('change.new')}
          hint={t('passwordHint', { count: SHORTEST_PASSWORD })}
          error={errors.newPassword && t('passwordShort', { count: SHORTEST_PASSWORD })}
        >
          {(control) => (
            <Input
              {...control}
              {...form.register('newPassword')}
              type="password"
              autoComplete="new-password"
              className="h-10"
            />
          )}
        </Field>
        <Button type="submit" size="lg" className="w-full" disabled={isSubmitting}>
          {t('change.action')}
        </Button>
        <Button variant="link" className="w-full" onClick={() => void signOut(navigate)}>
          {t('change.signOut')}
        </Button>
      </form>
    </SignInFrame>
  );
}
