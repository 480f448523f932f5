import { useTranslation } from 'react-i18next';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { useNavigation } from '../use-navigation';
import { PALETTE_KEYS } from './shortcuts';

/** All keys of the page. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const entries = useNavigation();
  const rows = [
    [PALETTE_KEYS, t('shortcuts.palette')],
    ['/', t('shortcuts.search')],
    ['.', t('shortcuts.refresh')],
    ['?', t('shortcuts.help')],
    ['Esc', t('shortcuts.close')],
    ...entries.map(({ key, name }) => [`g ${key}`, t(`page.${name}`)] as const),
  ] as const;
  return (
    <Dialog open onOpenChange={(isOpen) => isOpen || onClose()}>
      <DialogContent title={t('shortcuts.title')}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
          {rows.map(([keys, text]) => (
            <div key={keys} className="col-span-2 grid grid-cols-subgrid items-center">
              <dt className="flex gap-1">
                {keys.split(' ').map((key) => (
                  <kbd key={key} className="rounded border bg-subtle px-1.5 font-mono text-xs">
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd className="text-muted">{text}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
