import { isIPv6 } from 'node:net';
import type { ProviderInstance } from '../contract/provider-instance.js';

const MAX_LENGTH = 1024;
/** Beyond this nothing is looked at, so that a hostile answer cannot make the patterns slow. */
const MAX_INPUT = 4096;

const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
const URLS = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>`]+/gi;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=*-]{4,}/gi;
const KNOWN_KEYS =
  /\b(?:(?:sk|pk|rk|xai|pplx|fw|nvapi|tgp)-|(?:gsk|hf|r8|ghp|gho|csk|key)_|AIza|AKIA|ya29\.|eyJ)[\w.*~+/=-]{6,}/g;
/** Key material has no spaces, is long, and mixes digits with letters. */
const LONG_TOKENS = /[A-Za-z0-9_+/=-]{32,}/g;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g;
const IPV6_CANDIDATES = /(?<![\w:.])\[?[0-9a-f]{0,4}:[0-9a-f:.]*:[0-9a-f:.]*\]?/gi;
/**
 * Names under domains that servers live in. Deliberately no list of all domains: `tools.function.name`
 * and `gpt-4.1` are words of an API, not hosts.
 */
const HOST_NAMES =
  /(?<![\w.-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:com|net|org|io|ai|dev|app|cloud|co|edu|gov|info|tech|xyz|eu|us|uk|de|fr|nl|cn|jp|internal|intranet|local|localdomain|lan|corp|svc|test)(?::\d{1,5})?(?![\w-])/gi;
const LOCAL_HOST = /\blocalhost(?::\d{1,5})?\b/gi;

/**
 * What an upstream said, fit to be shown to a client and written to a log: without the instance's
 * keys or anything that looks like a key, without URLs, host names and addresses, on one line, at
 * most 1 kB. This is the only place where that is decided.
 */
export function sanitiseMessage(text: string, instance: ProviderInstance): string {
  let message = text;
  for (const key of instance.apiKeys) message = replaceVerbatim(message, key.reveal(), '[key]');
  const isCut = message.length > MAX_INPUT;
  message = message.slice(0, MAX_INPUT).replace(CONTROL_CHARACTERS, ' ');
  // The token at the cut may be the first half of a key.
  if (isCut) message = message.slice(0, Math.max(0, message.lastIndexOf(' ')));
  message = message
    .replace(BEARER, '$1 [key]')
    .replace(URLS, '[url]')
    .replace(KNOWN_KEYS, '[key]')
    .replace(LONG_TOKENS, (token) => (looksLikeKey(token) ? '[key]' : token));
  message = replaceOwnHost(message, instance.baseUrl)
    .replace(IPV4, '[address]')
    .replace(IPV6_CANDIDATES, (candidate) => (isAddress(candidate) ? '[address]' : candidate))
    .replace(HOST_NAMES, '[host]')
    .replace(LOCAL_HOST, '[host]')
    .trim();
  return message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH - 1)}…` : message;
}

function replaceVerbatim(text: string, secret: string, mask: string): string {
  return secret.length < 4 ? text : text.replaceAll(secret, mask);
}

function looksLikeKey(token: string): boolean {
  return /[0-9]/.test(token) && /[A-Za-z]/.test(token) && !UUID.test(token);
}

/** A bare service name such as `ollama` is also a word, so it counts as a host only with its port. */
function replaceOwnHost(text: string, baseUrl: string): string {
  const { host, hostname } = URL.parse(baseUrl) ?? { host: '', hostname: '' };
  const hidden = host === hostname ? text : replaceVerbatim(text, host, '[host]');
  return hostname.includes('.') ? replaceVerbatim(hidden, hostname, '[host]') : hidden;
}

function isAddress(candidate: string): boolean {
  return isIPv6(candidate.replace(/^\[|\]$|[.:]$/g, '')) || isIPv6(candidate);
}
