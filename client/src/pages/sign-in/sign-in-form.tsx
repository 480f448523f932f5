import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { session } from '@/api/session';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { FormFailure } from './form-failure';
import { useSubmit } from './use-submit';

const fields = z.object({
  email: z.string().check(z.trim(), z.minLength(1)),
  password: z.string().check(z.minLength(1)),
});

export function SignInForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('sign-in');
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { email: '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const { submit, failure } = useSubmit<z.infer<typeof fields>>(
    ({ email, password }) => session.signIn(email, password),
    onDone,
  );

  return (
    <form
      className="space-y-4"
      noValidate
      onSubmit={(event) => void form.handleSubmit(submit)(event)}
    >
      <FormFailure failure={failure} />
      <Field label={t('email')} error={errors.email && t('required')}>
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
      <Field label={t('password')} error={errors.password && t('required')}>
        {(control) => (
          <Input
            {...control}
            {...form.register('password')}
            type="password"
            autoComplete="current-password"
            className="h-10"
          />
        )}
      </Field>
      <Button type="submit" size="lg" className="w-full" disabled={isSubmitting}>
        {t('action')}
      </Button>
    </form>
  );
}
