import { useRef } from 'react';

/**
 * For what opens over the page: the focus goes back to where it was, also when no button opened it
 * but a key or the address.
 */
export function useReturnedFocus() {
  const before = useRef<Element>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (before.current instanceof HTMLElement) before.current.focus();
    },
  };
}
