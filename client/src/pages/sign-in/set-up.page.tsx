import { zodResolver } from '@hookform/resolvers/zod';
import { createLazyRoute, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { session } from '@/api/session';
import { PageHeader } from '@/components/page-header';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { FormFailure } from './form-failure';
import { newPassword, SHORTEST_PASSWORD } from './new-password';
import { SignInFrame } from './sign-in-frame';
import { useSubmit } from './use-submit';

export const page = createLazyRoute('/setup')({ component: SetUpPage });

const fields = z.object({
  name: z.string().check(z.trim(), z.minLength(1)),
  email: z.email(),
  password: newPassword,
});

function SetUpPage() {
  const { t } = useTranslation('sign-in');
  const navigate = useNavigate();
  const [token] = useState(takeToken);
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { name: '', email: '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const { submit, failure } = useSubmit<z.infer<typeof fields>>(
    (values) => session.setUp({ ...values, token: token ?? '' }),
    () => void navigate({ to: '/' }),
  );

  return (
    <SignInFrame>
      <PageHeader title={t('setUp.title')} description={t('setUp.text')} />
      {token === undefined ? (
        <Alert tone="warning">{t('setUp.noToken')}</Alert>
      ) : (
        <form
          className="space-y-4"
          noValidate
          onSubmit={(event) => void form.handleSubmit(submit)(event)}
        >
          <FormFailure failure={failure} />
          <Field label={t('name')} error={errors.name && t('required')}>
            {(control) => (
              <Input {...control} {...form.register('name')} autoComplete="name" className="h-10" />
            )}
          </Field>
          <Field label={t('email')} error={errors.email && t('emailWrong')}>
            {(control) => (
              <Input
                {...control}
                {...form.register('email')}
                type="email"
                autoComplete="username"
                className="h-10"
              />
            )}
          </Field>
          <Field
            label={t('password')}
            hint={t('passwordHint', { count: SHORTEST_PASSWORD })}
            error={errors.password && t('passwordShort', { count: SHORTEST_PASSWORD })}
          >
            {(control) => (
              <Input
                {...control}
                {...form.register('password')}
                type="password"
                autoComplete="new-password"
                className="h-10"
              />
            )}
          </Field>
          <Button type="submit" size="lg" className="w-full" disabled={isSubmitting}>
            {t('setUp.action')}
          </Button>
        </form>
      )}
    </SignInFrame>
  );
}

/** The token of the link. It is taken out of the address, so that it stays in no history. */
function takeToken(): string | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token') ?? undefined;
  if (token !== undefined) keptToken = token;
  if (window.location.hash !== '') {
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }
  return token ?? keptToken;
}

/** For a second look at the page in the same tab: the address has it no more. */
let keptToken: string | undefined;
