import { BASE_PATH } from '@/app/base-path';

const YEAR_SECONDS = 31_536_000;

/**
 * Keeps a choice where the server sees it, so that the first byte of the page is already right.
 * Nothing secret goes here.
 */
export function writePreference(name: string, value: string): void {
  const path = BASE_PATH === '' ? '/' : BASE_PATH;
  document.cookie = `llm-proxy-${name}=${encodeURIComponent(value)}; path=${path}; max-age=${YEAR_SECONDS}; samesite=lax`;
}

export function readPreference(name: string): string | undefined {
  const prefix = `llm-proxy-${name}=`;
  const entry = document.cookie.split('; ').find((each) => each.startsWith(prefix));
  return entry === undefined ? undefined : decodeURIComponent(entry.slice(prefix.length));
}
