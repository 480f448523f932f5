import { cva, type VariantProps } from 'class-variance-authority';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const alertClasses = cva(
  'flex gap-2.5 rounded-md border p-3 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0',
  {
    variants: {
      tone: {
        info: 'border-info/30 bg-info-soft [&>svg]:text-info',
        success: 'border-success/30 bg-success-soft [&>svg]:text-success',
        warning: 'border-warning/30 bg-warning-soft [&>svg]:text-warning',
        danger: 'border-danger/30 bg-danger-soft [&>svg]:text-danger',
      },
    },
    defaultVariants: { tone: 'info' },
  },
);

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

/** A notice in the page. `danger` and `warning` are read out when they appear. */
export function Alert({
  className,
  tone = 'info',
  children,
  ...rest
}: ComponentProps<'div'> & { tone?: NonNullable<VariantProps<typeof alertClasses>['tone']> }) {
  const Icon = ICONS[tone];
  const role = tone === 'danger' || tone === 'warning' ? 'alert' : 'status';
  return (
    <div role={role} {...rest} className={classNames(alertClasses({ tone }), className)}>
      <Icon aria-hidden="true" />
      <div className="min-w-0 flex-1 space-y-1 break-words">{children}</div>
    </div>
  );
}
