import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useChoice } from '@/preferences/choice';
import { Button } from './button';
import { removeToast, toasts } from './toasts';

const ICONS = { success: CircleCheck, danger: CircleAlert, info: Info };
const COLOURS = { success: 'text-success', danger: 'text-danger', info: 'text-info' };
const SHOWN_MS = 5_000;

/** Shows what `toast()` says. F8 moves the focus there. */
export function Toaster() {
  const { t } = useTranslation();
  const messages = useChoice(toasts);
  return (
    <Radix.Provider duration={SHOWN_MS} label={t('notification')}>
      {messages.map(({ id, tone, text }) => {
        const Icon = ICONS[tone];
        return (
          <Radix.Root
            key={id}
            onOpenChange={(isOpen) => isOpen || removeToast(id)}
            type={tone === 'danger' ? 'foreground' : 'background'}
            className="flex items-start gap-2 rounded-md border bg-raised p-3 shadow-lg data-[state=open]:animate-in data-[state=open]:slide-in-from-bottom-2"
          >
            <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${COLOURS[tone]}`} />
            <Radix.Description className="min-w-0 flex-1 break-words">{text}</Radix.Description>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" className="-m-1.5 size-7" aria-label={t('close')}>
                <X aria-hidden="true" />
              </Button>
            </Radix.Close>
          </Radix.Root>
        );
      })}
      <Radix.Viewport className="fixed right-0 bottom-0 z-50 flex w-96 max-w-full flex-col gap-2 p-4 outline-none" />
    </Radix.Provider>
  );
}
