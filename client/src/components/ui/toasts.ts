import { Choice } from '@/preferences/choice';

export interface ToastMessage {
  readonly id: number;
  readonly tone: 'success' | 'danger' | 'info';
  readonly text: string;
}

/** What is shown now, oldest first. */
export const toasts = new Choice<readonly ToastMessage[]>([], () => undefined);
let lastId = 0;

/** Says briefly that something was done. What must not be missed belongs into the page. */
export function toast(text: string, tone: ToastMessage['tone'] = 'success'): void {
  lastId += 1;
  toasts.set([...toasts.get(), { id: lastId, tone, text }]);
}

export function removeToast(id: number): void {
  toasts.set(toasts.get().filter((each) => each.id !== id));
}
