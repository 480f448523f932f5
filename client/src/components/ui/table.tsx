import type { ComponentProps } from 'react';
import { classNames } from './class-names';

/** For short tables; long ones are `DataTable`. Scrolls by itself where the page is narrow. */
export function Table({ className, ...rest }: ComponentProps<'table'>) {
  return (
    // Reachable by keyboard, because there may be more of it than is seen.
    <div
      className="relative w-full overflow-x-auto"
      tabIndex={0}
      role="group"
      aria-label={rest['aria-label']}
    >
      <table {...rest} className={classNames('w-full border-collapse text-sm', className)} />
    </div>
  );
}

export function TableHead({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        'h-8 border-b px-3 text-left text-xs font-medium whitespace-nowrap text-muted',
        className,
      )}
    />
  );
}

export function TableRow({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={classNames('hover:bg-subtle/60', className)} />;
}

export function TableCell({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={classNames('border-b px-3 py-1.5 align-middle', className)} />;
}
