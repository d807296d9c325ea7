// What a client's settings make of the upgrade request: headers, credentials, cookies, and the options of `ws`.
import type { WebSocketConfig } from '../../core/session-config.ts';
import { formatAddress, type Target } from '../address.ts';
import { EndpointError } from '../endpoint.ts';

/** Largest message taken if the config names none; `ws` keeps a message in memory until it is whole. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Frames a message may be in, and pieces in which what is not read yet may have come: each costs memory of its own. */
export const MAX_FRAGMENTS = 16_384;
const MAX_PIECES = 262_144;
/** `ws` stores the limit as a 32-bit integer. */
const LARGEST_LIMIT_BYTES = 2 ** 31 - 1;
/** How long the other side may take to answer a close frame, and to end the connection after it. */
const CLOSE_TIMEOUT_MS = 5000;

/** Headers that make the handshake: they follow from other settings. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['connection', 'It is part of every WebSocket request.'],
  ['upgrade', 'It is part of every WebSocket request.'],
  ['sec-websocket-key', 'It is made anew for every connection.'],
  ['sec-websocket-version', 'It is always 13.'],
  ['sec-websocket-protocol', 'Name subprotocols in their own setting.'],
  ['sec-websocket-extensions', 'Turn compression on or off in its own setting.'],
  ['content-length', 'The request has no body.'],
  ['transfer-encoding', 'The request has no body.'],
]);

/**
 * Options of `ws` that both sides share. UTF-8 of text is not checked here: an inspector that hangs up on the first
 * wrong byte hides the rest, and the dissector notes it on the row (RFC 6455 §8.1). All other violations still end
 * the connection, as the RFC asks, because `ws` cannot go on after them.
 */
export function sharedOptions(config: WebSocketConfig) {
  return {
    // The link answers pings itself.
    autoPong: false,
    maxPayload: messageLimit(config),
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_PIECES,
    perMessageDeflate: config.compression ?? true,
    skipUTF8Validation: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
}

/** Bytes of the longest message that is taken. */
export function messageLimit({ maxMessageBytes = MAX_MESSAGE_BYTES }: WebSocketConfig): number {
  return Math.min(maxMessageBytes, LARGEST_LIMIT_BYTES);
}

/** The request's headers beside those `ws` makes. Throws an EndpointError for one that cannot be set. */
export function requestHeaders(config: WebSocketConfig, target: Target): { [name: string]: string } {
  const headers: { [name: string]: string } = {};
  const has = (wanted: string) => Object.keys(headers).some((name) => name.toLowerCase() === wanted);
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    const reason = RESERVED.get(name.toLowerCase());
    if (reason) throw new EndpointError({ what: `The header ${name} cannot be set.`, why: reason, next: 'Remove it.' });
    headers[name] = value;
  }
  if (!has('host')) headers.Host = hostHeader(target);
  if (config.origin !== undefined && !has('origin')) headers.Origin = config.origin;
  if (config.basicAuth && !has('authorization')) {
    const { user, password = '' } = config.basicAuth;
    headers.Authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  const cookies = Object.entries(config.cookies ?? {}).map(([name, value]) => `${name}=${value}`);
  if (cookies.length > 0 && !has('cookie')) headers.Cookie = cookies.join('; ');
  return headers;
}

/** The port is left out if it is the scheme's own (RFC 9110 §7.2); so is the zone of an IPv6 address. */
function hostHeader({ host, port, tls }: Target): string {
  const name = host.split('%', 1)[0] ?? host;
  if (port !== (tls ? 443 : 80)) return formatAddress(name, port);
  return name.includes(':') ? `[${name}]` : name;
}
