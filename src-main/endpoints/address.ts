// What people write in the address bar and in `listen:`, as parts. Parsing only: nothing is resolved or connected
// here, and every mistake becomes an EndpointError that says what to write instead.
import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { ProtocolName } from '../core/session-config.ts';
import { EndpointError } from './endpoint.ts';

export type Scheme = 'ws' | 'wss' | 'tcp' | 'tls' | 'udp' | 'grpc' | 'grpcs' | 'unix';

/** Whom a client talks to. */
export interface Target {
  scheme: Scheme;
  /**
   * A host name in its ASCII form, or an address literal, IPv6 without its brackets (a zone, as `fe80::1%eth0`, stays).
   * '' for a unix socket.
   */
  host: string;
  /** 0 for a unix socket. */
  port: number;
  /** WebSocket: path and query, at least `/`. A unix socket's path as it was written. Others: ''. */
  path: string;
  /** The scheme means TLS. */
  tls: boolean;
}

/** Where to listen, or what to bind before connecting. */
export interface ListenAddress {
  /** '' for every interface. */
  host: string;
  /** 0: any free port. */
  port: number;
}

const SCHEMES: { [protocol in ProtocolName]: { plain: Scheme; schemes: readonly Scheme[]; example: string } } = {
  websocket: { plain: 'ws', schemes: ['ws', 'wss'], example: 'ws://127.0.0.1:9001/chat' },
  tcp: { plain: 'tcp', schemes: ['tcp', 'tls'], example: 'tcp://127.0.0.1:7000' },
  udp: { plain: 'udp', schemes: ['udp'], example: 'udp://127.0.0.1:7000' },
  grpc: { plain: 'grpc', schemes: ['grpc', 'grpcs', 'unix'], example: 'grpc://127.0.0.1:50051' },
};

const DEFAULT_PORTS: { [scheme in Scheme]?: number } = { ws: 80, wss: 443, grpcs: 443 };

const EXAMPLE_PORTS: { [protocol in ProtocolName]: number } = { websocket: 80, tcp: 7000, udp: 7000, grpc: 50_051 };

const SECURE: ReadonlySet<Scheme> = new Set(['wss', 'tls', 'grpcs']);

/** What people write although a scheme of ours is meant. */
const SYNONYMS: { [scheme: string]: readonly Scheme[] } = {
  http: ['ws', 'grpc'],
  https: ['wss', 'grpcs'],
  ssl: ['tls'],
  h2c: ['grpc'],
};

function mistake(what: string, next: string): EndpointError {
  return new EndpointError({ what, why: '', next });
}

/** `host:port`; IPv6 literals in brackets. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whom a target means, without its scheme: `host:port`, `unix:/path`. */
export function targetAddress({ scheme, host, port, path }: Target): string {
  return scheme === 'unix' ? `unix:${path}` : formatAddress(host, port);
}

/**
 * The parts of a client's target: `ws://host:port/path?query`, `wss://`, `tcp://`, `tls://`, `udp://`, `grpc://`,
 * `grpcs://`, `unix:/path` (gRPC), or bare `host:port`, which means the protocol without TLS. ws defaults to port 80, wss
 * and grpcs to 443; the others need one.
 * Throws an EndpointError that says what to write instead.
 */
export function parseTarget(target: string, protocol: ProtocolName): Target {
  const { plain, schemes, example } = SCHEMES[protocol];
  const text = target.trim();
  if (text === '') throw mistake('There is no target to connect to.', `Write one, as ${example}.`);
  if (protocol === 'grpc' && /^unix:/i.test(text)) return unixTarget(text);
  // Before any words that would repeat what was written.
  if (/^([a-z0-9+.-]*:\/\/)?[^/?#]*@/i.test(text)) {
    throw mistake(
      'The target contains a user name or a password.',
      'Remove the part before the @: a target is saved as it is. Credentials have their own place (Basic auth).',
    );
  }
  if (/[\s\p{Cc}]/u.test(text)) {
    throw mistake(`The target “${text}” contains white space.`, 'Remove it, or write it as %20 in the path.');
  }
  const withScheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  const name = withScheme?.[1]?.toLowerCase() ?? plain;
  const scheme = schemes.find((candidate) => candidate === name);
  if (!scheme) throw unknownScheme(name, protocol, text);

  const rest = withScheme ? (withScheme[2] ?? '') : text;
  const authorityEnd = rest.search(/[/?#]/);
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const tail = authorityEnd < 0 ? '' : rest.slice(authorityEnd);
  const { host, port } = splitAuthority(authority, text);
  const effectivePort = port ?? DEFAULT_PORTS[scheme];
  if (effectivePort === undefined) {
    throw mistake(
      `The target “${text}” names no port.`,
      `Add one, as ${scheme}://${formatAddress(host, EXAMPLE_PORTS[protocol])}.`,
    );
  }
  if (effectivePort === 0) throw mistake('Nothing can be reached on port 0.', 'Write a port from 1 to 65535.');
  return {
    scheme,
    host,
    port: effectivePort,
    path: protocol === 'websocket' ? webSocketPath(tail, text) : noPath(tail, scheme, text),
    tls: SECURE.has(scheme),
  };
}

/**
 * The parts of a listening address: `127.0.0.1:9001`, `[::1]:0`, `localhost:9001`, a port alone (loopback), `:9001` or
 * `*:9001` (every interface), an address alone (any free port). Absent: loopback, any free port.
 */
export function parseListen(listen: string | undefined): ListenAddress {
  const text = listen?.trim() ?? '';
  if (text === '') return { host: '127.0.0.1', port: 0 };
  if (text.includes('://') || text.includes('/')) {
    throw mistake(`“${text}” is not an address to listen on.`, 'Write host:port, as 127.0.0.1:9001.');
  }
  if (/^\d+$/.test(text)) return { host: '127.0.0.1', port: parsePort(text, text) };
  if (text.startsWith(':') && !isIPv6(text)) return { host: '', port: parsePort(text.slice(1), text) };
  const { host, port } = splitAuthority(text, text);
  return { host: host === '*' ? '' : host, port: port ?? 0 };
}

/** `host`, `host:port`, `[v6]:port`, or a bare IPv6 address, which has no port. */
function splitAuthority(authority: string, whole: string): { host: string; port: number | undefined } {
  if (authority === '') throw mistake(`“${whole}” names no host.`, 'Write one, as 127.0.0.1 or example.test.');
  if (authority.startsWith('[')) {
    const match = /^\[([^\]]*)\](?::(.*))?$/.exec(authority);
    const host = match?.[1]?.replace('%25', '%') ?? '';
    if (!match || !isIPv6(host)) {
      throw mistake(`“${authority}” is not an IPv6 address in brackets.`, 'Write it as [::1]:9001.');
    }
    return { host, port: match[2] === undefined ? undefined : parsePort(match[2], whole) };
  }
  const zoned = authority.replace('%25', '%');
  if (isIPv6(zoned)) return { host: zoned, port: undefined };
  const colon = authority.lastIndexOf(':');
  if (colon !== authority.indexOf(':')) {
    throw mistake(
      `“${authority}” has several colons but is not an IPv6 address.`,
      'Put an IPv6 address in brackets before its port, as [::1]:9001.',
    );
  }
  const host = colon < 0 ? authority : authority.slice(0, colon);
  if (host === '') throw mistake(`“${whole}” names no host.`, 'Write one before the colon, as 127.0.0.1.');
  const ascii = /^[\w.*-]+$/.test(host) ? host : domainToASCII(host);
  if (!/^[\w.*-]+$/.test(ascii)) {
    throw mistake(`“${host}” is not a host name.`, 'Use letters, digits, dots and hyphens, or an IP address.');
  }
  return { host: ascii, port: colon < 0 ? undefined : parsePort(authority.slice(colon + 1), whole) };
}

function parsePort(text: string, whole: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw mistake(`“${text}” in “${whole}” is not a port.`, 'A port is a number from 1 to 65535.');
  }
  return port;
}

function webSocketPath(tail: string, whole: string): string {
  if (tail.includes('#')) {
    throw mistake(
      `The target “${whole}” has a fragment (#…), which WebSocket does not allow.`,
      'Remove it, or write # as %23.',
    );
  }
  return tail.startsWith('/') ? tail : `/${tail}`;
}

/** `unix:path`, `unix:/path`, `unix:///path`: the forms gRPC knows. */
function unixTarget(text: string): Target {
  const path = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '') throw mistake(`“${text}” names no socket.`, 'Write its path, as unix:/run/app.sock.');
  return { scheme: 'unix', host: '', port: 0, path, tls: false };
}

function noPath(tail: string, scheme: Scheme, whole: string): string {
  if (tail !== '' && tail !== '/') {
    throw mistake(`The target “${whole}” has a path, but ${scheme}:// has none.`, `Remove “${tail}”.`);
  }
  return '';
}

function unknownScheme(name: string, protocol: ProtocolName, whole: string): EndpointError {
  const { schemes, example } = SCHEMES[protocol];
  const meant = SYNONYMS[name]?.find((scheme) => schemes.includes(scheme));
  if (meant) {
    return mistake(`The target begins with ${name}://.`, `Write ${meant}://${whole.slice(whole.indexOf('://') + 3)}.`);
  }
  const owner = Object.entries(SCHEMES).find(([, entry]) => entry.schemes.some((scheme) => scheme === name));
  return owner
    ? mistake(`${name}:// does not belong to this protocol.`, `Switch to ${owner[0]}, or write ${example}.`)
    : mistake(`${name}:// is not a scheme Wirescope knows here.`, `Write ${example}.`);
}
