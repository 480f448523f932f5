import { CircleHelp, Menu, Search } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/ui/button';
import { Sheet, SheetContent, SheetTrigger } from '@/components/ui/sheet';
import { PALETTE_KEYS } from '../shortcuts/shortcuts';
import { SideBar } from './side-bar';

// Menus come a moment after what is read: they are a fifth of the page's scripts.
const TimeRangeMenu = lazy(() => import('../time-range/time-range-menu'));
const UserMenu = lazy(() => import('./user-menu'));

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
        className="max-sm:size-8 max-sm:px-0 sm:w-72 sm:justify-start sm:text-muted"
        onClick={onOpenPalette}
        aria-keyshortcuts="Meta+K Control+K"
      >
        <Search aria-hidden="true" />
        <span className="max-sm:sr-only flex-1 text-left font-normal">{t('palette.open')}</span>
        <kbd className="hidden rounded border px-1 font-sans text-2xs sm:inline">
          {PALETTE_KEYS}
        </kbd>
      </Button>
      <div className="ml-auto flex items-center gap-1.5">
        <Suspense
          fallback={<Button variant="outline" className="w-28" aria-hidden="true" disabled />}
        >
          <TimeRangeMenu />
        </Suspense>
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
        <Suspense fallback={<div className="size-8" />}>
          <UserMenu />
        </Suspense>
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
