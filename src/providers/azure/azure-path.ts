import type { AzureSettings } from './azure-settings.js';

/**
 * Where an endpoint is, below a base URL that may be the resource itself or already contain the
 * path that its portal shows.
 */
export function azurePath(
  endpoint: string,
  baseUrl: string,
  deployment: string,
  { urlStyle, apiVersion }: AzureSettings,
): string {
  const query = apiVersion === undefined ? '' : `?api-version=${apiVersion}`;
  const place = urlStyle === 'v1' ? '/v1' : `/deployments/${encodeURIComponent(deployment)}`;
  return missingPart(baseUrl, place) + endpoint + query;
}

function missingPart(baseUrl: string, place: string): string {
  if (baseUrl.endsWith(`/openai${place}`)) return '';
  return baseUrl.endsWith('/openai') ? place : `/openai${place}`;
}
