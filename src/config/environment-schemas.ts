import { isIP } from 'node:net';
import { z } from 'zod';
import { isEmailAddress } from '../common/net/email-address.js';
import { isLoopbackHost } from '../common/net/is-loopback.js';
import { Secret } from '../common/secret.js';
import { BASE_URL_RULE, isBaseUrl, withoutSlash } from './base-url.js';

/** Longest delay a Node timer takes; beyond it a timer fires at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

interface Range {
  min: number;
  max: number;
}

/** Decimal digits and nothing else, within the range. */
export function integer({ min, max }: Range) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, { error: message, abort: true })
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

export function milliseconds({ min }: { min: 0 | 1 }) {
  return integer({ min, max: LONGEST_TIMER_MS });
}

export function oneOf<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

export function path() {
  return z.string().refine((text) => !text.includes('\0'), 'must be a path');
}

/** A host name or an address to listen on. */
export function host() {
  const name = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
  return z
    .string()
    .refine(
      (text) => isIP(text) !== 0 || (name.test(text) && !/^[\d.]+$/.test(text)),
      'must be an IP address or a host name',
    );
}

/** `''` or `/a/b`; a slash at the end is taken off. */
export function basePath() {
  return z
    .string()
    .transform((text) => text.replace(/\/+$/, ''))
    .refine(
      (text) => /^(\/[A-Za-z0-9._~-]+)*$/.test(text),
      'must be a path such as /llm, in letters, digits and . _ ~ -',
    );
}

/** Where a provider is, without slash at the end. */
export function providerUrl() {
  return z.string().refine(isBaseUrl, BASE_URL_RULE).transform(withoutSlash);
}

/** A secret that is a URL of one of the protocols, such as `redis:`. */
export function secretUrl(...protocols: string[]) {
  const message = `must be a URL that starts with ${protocols.map((name) => `${name}//`).join(' or ')}`;
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message)
    .transform((text) => new Secret(text));
}

/** A secret of visible ASCII, so that it can stand in a header. */
export function secretText({ minLength }: { minLength: number }) {
  return z
    .string()
    .min(minLength, `must have at least ${minLength} characters`)
    .regex(/^[\x21-\x7e]*$/, 'must be visible ASCII without spaces')
    .transform((text) => new Secret(text));
}

/** A secret of one line of any characters, such as a password. */
export function secretLine({ minLength }: { minLength: number }) {
  return z
    .string()
    .refine((text) => [...text].length >= minLength, `must have at least ${minLength} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line without control characters')
    .transform((text) => new Secret(text));
}

/** A short text that people read. */
export function line() {
  return z
    .string()
    .transform((text) => text.trim())
    .refine(
      (text) => text !== '' && text.length <= 255 && !/\p{Cc}/u.test(text),
      'must be one line of 1 to 255 characters',
    );
}

export function emailAddress() {
  return z.string().refine(isEmailAddress, 'must be an e-mail address');
}

/** The issuer of an OpenID Connect provider; plain http on this machine only. */
export function issuerUrl() {
  return z
    .string()
    .refine(
      (text) => isIssuer(URL.parse(text)),
      'must be an https URL without query; http is for this machine only',
    );
}

function isIssuer(url: URL | null): boolean {
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopbackHost(url.hostname);
}

/** A comma-separated list of domains, in lower case. */
export function domains() {
  const domain = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
  return z.string().transform((text, context): readonly string[] => {
    const parts = text.split(',').map((part) => part.trim().toLowerCase());
    const given = parts.filter((part) => part !== '');
    if (given.every((part) => domain.test(part))) return Object.freeze(given);
    context.addIssue({ code: 'custom', message: 'must be a list such as example.com,example.org' });
    return z.NEVER;
  });
}

/** 32 random bytes in base64. */
export function masterKey() {
  return z
    .string()
    .refine(
      (text) => /^[A-Za-z0-9+/]{43}=$/.test(text),
      'must be 32 bytes in base64, as openssl rand -base64 32 makes them',
    )
    .transform((text) => new Secret(text));
}

/** A comma-separated list of `host:port`, as URLs write them: lower case, IPv6 in brackets. */
export function hostPorts() {
  const message = 'must be a list such as ollama.internal:11434, 10.0.0.5:8080, [fd00::1]:443';
  return z.string().transform((text, context): ReadonlySet<string> => {
    const parts = text.split(',').map((part) => part.trim());
    const hosts = parts.filter((part) => part !== '').map(parseHostPort);
    if (hosts.every((host) => host !== undefined)) return new Set(hosts);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function parseHostPort(text: string): string | undefined {
  const port = Number(/^[^/?#@\\\s]+:(\d{1,5})$/.exec(text)?.[1]);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  const url = URL.parse(`http://${text}`);
  return url ? `${url.hostname}:${port}` : undefined;
}

const PROXY_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** As Express takes `trust proxy`: true, false, a number of hops, or a list of addresses. */
export function trustProxy() {
  const message =
    'must be true, false, a number of hops, or a list of addresses, subnets, loopback, linklocal, uniquelocal';
  return z.string().transform((text, context): boolean | number | readonly string[] => {
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^\d{1,3}$/.test(text)) return Number(text);
    const addresses = text.split(',').map((part) => part.trim());
    if (addresses.every(isProxyAddress)) return Object.freeze(addresses);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function isProxyAddress(text: string): boolean {
  if (PROXY_RANGES.includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
