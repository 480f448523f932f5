import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from './class-names';
import { Button } from './button';
import { useReturnedFocus } from './use-returned-focus';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

export const overlayClasses =
  'fixed inset-0 z-40 bg-[oklch(0.1_0_0/0.5)] data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=closed]:animate-out data-[state=closed]:fade-out-0';

export interface DialogContentProps extends ComponentProps<typeof Radix.Content> {
  title: string;
  description?: ReactNode;
  /** Without × and without closing by Esc or a click beside it. */
  isHeldOpen?: boolean;
}

/** Title, text and ×; Esc closes, the focus returns to where it was. */
export function DialogContent({
  className,
  title,
  description,
  isHeldOpen = false,
  children,
  ...rest
}: DialogContentProps) {
  const focus = useReturnedFocus();
  const stay = (event: Event) => event.preventDefault();
  const held = isHeldOpen ? { onEscapeKeyDown: stay, onInteractOutside: stay } : {};
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayClasses} />
      <Radix.Content
        {...focus}
        {...held}
        {...(description === undefined && { 'aria-describedby': undefined })}
        {...rest}
        className={classNames(
          'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-1.5rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-lg border bg-raised p-4 shadow-xl data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-95 sm:p-5',
          className,
        )}
      >
        <div className="space-y-1 pr-8">
          <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="text-sm text-muted">{description}</Radix.Description>
          )}
        </div>
        {children}
        {!isHeldOpen && <CloseButton />}
      </Radix.Content>
    </Radix.Portal>
  );
}

export function DialogFooter({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div {...rest} className={classNames('flex flex-wrap justify-end gap-2 pt-1', className)} />
  );
}

/** The × of dialogs and sheets. */
export function CloseButton() {
  const { t } = useTranslation();
  return (
    <Radix.Close asChild>
      <Button
        variant="ghost"
        size="icon"
        className="absolute top-2.5 right-2.5"
        aria-label={t('close')}
      >
        <X aria-hidden="true" />
      </Button>
    </Radix.Close>
  );
}
