import type { ComponentProps } from 'react';
import { classNames } from './class-names';

export function Skeleton({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      {...rest}
      aria-hidden="true"
      className={classNames('animate-pulse rounded-md bg-subtle', className)}
    />
  );
}
