// A proxy between us and the peer: reading its URL and asking it for a tunnel over a connection already made to it.
// What the proxy and we say to each other until the tunnel stands is not part of the session's bytes.
import type { Socket } from 'node:net';
import { formatAddress, parseTarget, type Target } from '../address.ts';
import { EndpointError } from '../endpoint.ts';
import { openHttpTunnel } from './http-connect.ts';
import { openSocks5Tunnel } from './socks5.ts';

export interface OutboundProxy {
  kind: 'http' | 'socks5';
  host: string;
  port: number;
  credentials?: { user: string; password: string };
}

const DEFAULT_PORTS = { http: 8080, socks5: 1080 } as const;

/**
 * The parts of `http://user:password@host:port` or `socks5://host:port` (`socks5h` means the same: names are always
 * looked up by the proxy). Throws an EndpointError that says what to write instead, without the credentials.
 */
export function parseProxy(proxy: string): OutboundProxy {
  const match = /^(http|socks5h?):\/\/(?:([^/@]*)@)?([^/@]+)\/?$/i.exec(proxy.trim());
  if (!match) {
    throw new EndpointError({
      what: 'The proxy address cannot be used.',
      why: 'It is neither an HTTP proxy nor a SOCKS5 proxy.',
      next: 'Write http://host:port or socks5://host:port.',
    });
  }
  const [, scheme = '', userinfo, authority = ''] = match;
  const kind = scheme.toLowerCase() === 'http' ? 'http' : 'socks5';
  const { host, port } = parseTarget(hasPort(authority) ? authority : `${authority}:${DEFAULT_PORTS[kind]}`, 'tcp');
  return { kind, host, port, ...(userinfo === undefined ? {} : { credentials: credentialsOf(userinfo) }) };
}

/** For a person; without credentials. */
export function proxyLabel({ kind, host, port }: OutboundProxy): string {
  return `${kind === 'http' ? 'HTTP' : 'SOCKS5'} proxy ${formatAddress(host, port)}`;
}

/**
 * Asks the proxy at the other end of `socket` for a tunnel to the target. Afterwards the socket is paused and carries
 * the target's bytes only. Rejects with an EndpointError when the proxy refuses.
 */
export function tunnel(socket: Socket, proxy: OutboundProxy, target: Target): Promise<void> {
  return proxy.kind === 'http' ? openHttpTunnel(socket, proxy, target) : openSocks5Tunnel(socket, proxy, target);
}

function hasPort(authority: string): boolean {
  return /^(\[.*\]|[^:]*):\d+$/.test(authority);
}

function credentialsOf(userinfo: string): { user: string; password: string } {
  const colon = userinfo.indexOf(':');
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return colon < 0
    ? { user: decode(userinfo), password: '' }
    : { user: decode(userinfo.slice(0, colon)), password: decode(userinfo.slice(colon + 1)) };
}
