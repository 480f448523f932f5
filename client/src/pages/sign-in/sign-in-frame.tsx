import type { ReactNode } from 'react';
import { Logo } from '@/app/frame/logo';
import { LookMenu } from './look-menu';

/** What stands around the pages that need nobody who is signed in. */
export function SignInFrame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between p-3">
        <Logo />
        <LookMenu />
      </header>
      <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 pb-24">
        {children}
      </main>
    </div>
  );
}
