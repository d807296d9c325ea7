// Which parts of a session config are secrets. They live in memory only: no file that Wirescope writes holds them.
import type { MetadataConfig, SessionConfig } from '../core/session-config.ts';

const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

const REFERENCE = /\{\{[^{}]+\}\}/g;

/** What a secret header or cookie may say beside references: the scheme, and the names of cookies. */
const HARMLESS = /^\s*(?:(?:bearer|basic|digest|token|apikey|negotiate)\s+|(?:[\w.-]+=\s*;\s*)*[\w.-]+=)?\s*$/i;

/** The config without its secrets: passwords and passphrases are left out, secret header and cookie values emptied. */
export function withoutSecrets(config: SessionConfig): SessionConfig {
  const clean = structuredClone(config);
  if (clean.tls) dropSecret(clean.tls, 'passphrase');
  if (clean.proxy !== undefined) clean.proxy = withoutCredentials(clean.proxy);
  if (clean.target !== undefined) clean.target = withoutCredentials(clean.target);
  const { websocket, grpc, script = [] } = clean;
  if (websocket?.basicAuth) dropSecret(websocket.basicAuth, 'password');
  emptySecretHeaders(websocket?.headers);
  for (const name of Object.keys(websocket?.cookies ?? {})) emptySecret(websocket!.cookies!, name);
  emptySecretHeaders(grpc?.metadata);
  for (const step of script) if (typeof step === 'object' && 'metadata' in step) emptySecretHeaders(step.metadata);
  return clean;
}

function emptySecretHeaders(headers: MetadataConfig = {}): void {
  for (const name of Object.keys(headers)) if (SECRET_HEADERS.has(name.toLowerCase())) emptySecret(headers, name);
}

function dropSecret<K extends string>(holder: { [key in K]?: string | undefined }, key: K): void {
  const value = holder[key];
  if (value !== undefined && !isReference(value)) delete holder[key];
}

function emptySecret(holder: MetadataConfig, key: string): void {
  const parts = [holder[key]!].flat();
  if (!parts.every(isHarmless)) holder[key] = '';
}

/** A value made of variables alone: it names secrets and is none. */
function isReference(value: string): boolean {
  return value.search(REFERENCE) >= 0 && value.replace(REFERENCE, '').trim() === '';
}

/** `{{token}}`, `Bearer {{token}}`, `session={{id}}; theme={{theme}}`. */
function isHarmless(value: string): boolean {
  return value.search(REFERENCE) >= 0 && HARMLESS.test(value.replace(REFERENCE, ''));
}

/** A URL without `user:password@`; references stay. Works on text, because a target need not be a valid URL yet. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z0-9+.-]+:\/\/)?([^/?#]*)@/i, (whole, scheme: string | undefined, credentials: string) => {
    const secret = credentials.slice(credentials.indexOf(':') + 1);
    return isReference(secret) ? whole : (scheme ?? '');
  });
}
