import { useNavigate } from '@tanstack/react-router';
import { Languages, LogOut, RotateCw, SunMoon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import {
  Command,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { language, LANGUAGES, type Language } from '@/preferences/language';
import { theme, THEMES } from '@/preferences/theme';
import { signOut } from '../sign-out';
import { refresh } from '../time-range/refresh';
import { useNavigation } from '../use-navigation';

/** Everything that can be gone to or done from everywhere, by typing a part of its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const entries = useNavigation();
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <Dialog open onOpenChange={(isOpen) => isOpen || onClose()}>
      <DialogContent
        title={t('palette.title')}
        className="top-24 translate-y-0 gap-2 p-2 sm:p-2 [&>div:first-child]:sr-only"
      >
        <Command label={t('palette.title')}>
          <CommandInput placeholder={t('palette.placeholder')} className="pr-8" />
          <CommandList>
            <CommandEmpty>{t('palette.empty')}</CommandEmpty>
            <CommandGroup heading={t('palette.pages')}>
              {entries.map(({ name, path, icon: Icon }) => (
                <CommandItem key={name} onSelect={run(() => void navigate({ to: path }))}>
                  <Icon aria-hidden="true" />
                  {t(`page.${name}`)}
                </CommandItem>
              ))}
            </CommandGroup>
            <CommandGroup heading={t('palette.actions')}>
              <CommandItem onSelect={run(refresh)}>
                <RotateCw aria-hidden="true" />
                {t('refresh.now')}
              </CommandItem>
              {THEMES.map((each) => (
                <CommandItem key={each} onSelect={run(() => theme.set(each))}>
                  <SunMoon aria-hidden="true" />
                  {t('theme.title')}: {t(`theme.${each}`)}
                </CommandItem>
              ))}
              {Object.entries(LANGUAGES).map(([value, name]) => (
                <CommandItem key={value} onSelect={run(() => language.set(value as Language))}>
                  <Languages aria-hidden="true" />
                  {t('language')}: {name}
                </CommandItem>
              ))}
              <CommandItem onSelect={run(() => void signOut(navigate))}>
                <LogOut aria-hidden="true" />
                {t('signOut')}
              </CommandItem>
            </CommandGroup>
          </CommandList>
        </Command>
      </DialogContent>
    </Dialog>
  );
}
