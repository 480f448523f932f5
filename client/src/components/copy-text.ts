/** Puts a text on the clipboard and says whether that worked; to be called from a click. */
export async function copyText(text: string): Promise<boolean> {
  // Browsers have the newer interface on secure origins only, and many proxies run on plain HTTP.
  if (!window.isSecureContext) return copyBySelection(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'sr-only';
  // Inside of an open dialog, which lets the focus go nowhere else.
  (focused?.closest('[role=dialog]') ?? document.body).append(area);
  area.select();
  try {
    // oxlint-disable-next-line typescript/no-deprecated
    return document.execCommand('copy');
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
