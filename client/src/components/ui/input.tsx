import type { ComponentProps } from 'react';
import { classNames } from './class-names';

export const fieldClasses =
  'w-full min-w-0 rounded-md border border-field bg-surface px-2.5 text-sm placeholder:text-muted disabled:opacity-60 aria-invalid:border-danger';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={classNames(fieldClasses, 'h-8', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={classNames(fieldClasses, 'min-h-20 py-1.5', className)} />;
}
