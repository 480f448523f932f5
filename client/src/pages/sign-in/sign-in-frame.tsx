import { lazy, type ReactNode, Suspense } from 'react';
import { Logo } from '@/app/frame/logo';

const LookMenu = lazy(() => import('./look-menu'));

/** What stands around the pages that need nobody who is signed in. */
export function SignInFrame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex flex-wrap items-center justify-between gap-2 p-3">
        <Logo />
        <Suspense fallback={<div className="h-8" />}>
          <LookMenu />
        </Suspense>
      </header>
      <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 pb-24">
        {children}
      </main>
    </div>
  );
}
