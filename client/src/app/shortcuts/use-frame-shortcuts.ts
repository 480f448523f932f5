import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { refresh } from '../time-range/refresh';
import { useNavigation } from '../use-navigation';
import { Shortcuts } from './shortcuts';

export type Overlay = 'palette' | 'help';

/** The keys that work on every page, and which overlay they opened. */
export function useFrameShortcuts() {
  const navigate = useNavigate();
  const entries = useNavigation();
  const [shown, setShown] = useState<Overlay>();

  useEffect(() => {
    const actions = new Map<string, () => void>([
      ['?', () => setShown('help')],
      ['/', focusSearch],
      ['.', refresh],
      ...entries.map(({ key, path }) => [`g ${key}`, () => void navigate({ to: path })] as const),
    ]);
    const shortcuts = new Shortcuts((keys) =>
      // A dialog has the keyboard to itself.
      document.querySelector('[role=dialog]') === null ? actions.get(keys) : undefined,
    );
    const togglePalette = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setShown((current) => (current === 'palette' ? undefined : 'palette'));
    };
    document.addEventListener('keydown', shortcuts.press);
    document.addEventListener('keydown', togglePalette);
    return () => {
      document.removeEventListener('keydown', shortcuts.press);
      document.removeEventListener('keydown', togglePalette);
    };
  }, [entries, navigate]);

  return { shown, open: setShown, close: () => setShown(undefined) };
}

/** The search of the page, where it has one. */
function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-page-search]')?.focus();
}
