import { CircleHelp, Menu, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/ui/button';
import { Sheet, SheetContent, SheetTrigger } from '@/components/ui/sheet';
import { TimeRangeMenu } from '../time-range/time-range-menu';
import { SideBar } from './side-bar';
import { UserMenu } from './user-menu';

export interface TopBarProps {
  onOpenPalette: () => void;
  onOpenHelp: () => void;
}

export function TopBar({ onOpenPalette, onOpenHelp }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-1.5 border-b bg-surface px-2 sm:gap-2 sm:px-5">
      <NavigationSheet />
      <Button
        variant="outline"
        className="max-sm:size-8 max-sm:px-0 sm:w-56 sm:justify-start sm:text-muted"
        onClick={onOpenPalette}
        aria-label={t('palette.open')}
        aria-keyshortcuts="Meta+K Control+K"
      >
        <Search aria-hidden="true" />
        <span className="hidden flex-1 text-left font-normal sm:inline">{t('palette.open')}</span>
        <kbd className="hidden rounded border px-1 font-sans text-2xs sm:inline">⌘K</kbd>
      </Button>
      <div className="ml-auto flex items-center gap-1.5">
        <TimeRangeMenu />
        <Button
          variant="ghost"
          size="icon"
          className="hidden sm:inline-flex"
          onClick={onOpenHelp}
          aria-label={t('shortcuts.title')}
          aria-keyshortcuts="?"
        >
          <CircleHelp aria-hidden="true" />
        </Button>
        <UserMenu />
      </div>
    </header>
  );
}

/** The side bar where there is no room for one. */
function NavigationSheet() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Sheet open={isOpen} onOpenChange={setIsOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" className="lg:hidden" aria-label={t('navigation')}>
          <Menu aria-hidden="true" />
        </Button>
      </SheetTrigger>
      <SheetContent
        side="left"
        title={<span className="sr-only">{t('navigation')}</span>}
        className="p-0 pt-2"
      >
        <SideBar onNavigate={() => setIsOpen(false)} />
      </SheetContent>
    </Sheet>
  );
}
