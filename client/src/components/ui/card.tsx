import type { ComponentProps } from 'react';
import { classNames } from './class-names';

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return <section {...rest} className={classNames('rounded-lg border bg-surface', className)} />;
}

export function CardHeader({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      {...rest}
      className={classNames('flex items-center justify-between gap-3 px-4 pt-3 pb-2', className)}
    />
  );
}

export function CardTitle({ className, children, ...rest }: ComponentProps<'h2'>) {
  return (
    <h2 {...rest} className={classNames('text-sm font-semibold', className)}>
      {children}
    </h2>
  );
}

export function CardContent({ className, ...rest }: ComponentProps<'div'>) {
  return <div {...rest} className={classNames('px-4 pb-4', className)} />;
}
