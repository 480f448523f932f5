export const BASE_URL_RULE = 'must be an http or https URL without credentials, query or fragment';

export function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    !/[?#\s]/.test(value)
  );
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
