import { cva, type VariantProps } from 'class-variance-authority';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';
import { CloseButton, overlayClasses } from './dialog';
import { useReturnedFocus } from './use-returned-focus';

export const Sheet = Radix.Root;
export const SheetTrigger = Radix.Trigger;
export const SheetClose = Radix.Close;

const sheetClasses = cva(
  'fixed inset-y-0 z-50 flex flex-col gap-4 overflow-y-auto bg-raised p-4 shadow-xl data-[state=open]:animate-in data-[state=closed]:animate-out',
  {
    variants: {
      side: {
        left: 'left-0 w-72 max-w-[85vw] border-r data-[state=open]:slide-in-from-left data-[state=closed]:slide-out-to-left',
        right:
          'right-0 w-full max-w-2xl border-l data-[state=open]:slide-in-from-right data-[state=closed]:slide-out-to-right',
      },
    },
    defaultVariants: { side: 'right' },
  },
);

export interface SheetContentProps
  extends Omit<ComponentProps<typeof Radix.Content>, 'title'>, VariantProps<typeof sheetClasses> {
  title: ReactNode;
  description?: ReactNode;
}

/** A panel from the side: navigation on small screens, the details of a row on all. */
export function SheetContent({
  className,
  side,
  title,
  description,
  children,
  ...rest
}: SheetContentProps) {
  const focus = useReturnedFocus();
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayClasses} />
      <Radix.Content
        {...focus}
        {...(description === undefined && { 'aria-describedby': undefined })}
        {...rest}
        className={classNames(sheetClasses({ side }), className)}
      >
        <div className="space-y-1 pr-8">
          <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="text-sm text-muted">{description}</Radix.Description>
          )}
        </div>
        {children}
        <CloseButton />
      </Radix.Content>
    </Radix.Portal>
  );
}
