import { createLazyRoute, Outlet, useMatches } from '@tanstack/react-router';
import { lazy, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PagePending } from '../page-pending';
import { useFrameShortcuts } from '../shortcuts/use-frame-shortcuts';
import { SideBar } from './side-bar';
import { TopBar } from './top-bar';

const Palette = lazy(() => import('../palette/palette'));
const ShortcutHelp = lazy(() => import('../shortcuts/shortcut-help'));

export const frame = createLazyRoute('/frame')({ component: Frame });

/** What stands around every page. */
function Frame() {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);
  const overlay = useFrameShortcuts();
  const page = useMatches({ select: (matches) => matches.at(-1)?.pathname });

  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[13.5rem_1fr]">
      {/* A button: with a base address in the page, a link to a fragment would leave the page. */}
      <button
        type="button"
        onClick={() => main.current?.focus()}
        className="sr-only z-50 rounded-md border bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </button>
      <aside className="sticky top-0 hidden h-dvh overflow-y-auto border-r bg-surface lg:block">
        <SideBar />
      </aside>
      <div className="flex min-w-0 flex-col">
        <TopBar
          onOpenPalette={() => overlay.open('palette')}
          onOpenHelp={() => overlay.open('help')}
        />
        <main ref={main} tabIndex={-1} className="mx-auto w-full max-w-7xl flex-1 p-3 sm:p-5">
          <Suspense key={page} fallback={<PagePending />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Suspense>
        {overlay.shown === 'palette' && <Palette onClose={overlay.close} />}
        {overlay.shown === 'help' && <ShortcutHelp onClose={overlay.close} />}
      </Suspense>
    </div>
  );
}
