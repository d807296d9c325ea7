// A tunnel through an HTTP proxy: the CONNECT method (RFC 9110 §9.3.6).
import type { Socket } from 'node:net';
import { formatAddress } from '../address.ts';
import { EndpointError } from '../endpoint.ts';
import type { OutboundProxy } from './outbound.ts';
import { withReplies } from './reply-reader.ts';

/** A proxy's answer has a few lines; more is not one. */
const HEAD_LIMIT_BYTES = 16 * 1024;

/** Sends CONNECT and reads the answer's head; bytes after it stay in the socket. */
export function openHttpTunnel(
  socket: Socket,
  proxy: OutboundProxy,
  target: { host: string; port: number },
): Promise<void> {
  const authority = formatAddress(target.host, target.port);
  const address = formatAddress(proxy.host, proxy.port);
  return withReplies(socket, address, async (replies) => {
    const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
    if (proxy.credentials) {
      const { user, password } = proxy.credentials;
      lines.push(`Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
    }
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const head = (await replies.takeThrough('\r\n\r\n', HEAD_LIMIT_BYTES)).toString('latin1');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
    if (Number.isNaN(status) || !head.endsWith('\r\n\r\n')) throw notAProxy(address, head);
    if (status < 200 || status >= 300) throw refusal(status, head, authority, address);
  });
}

function notAProxy(address: string, head: string): EndpointError {
  return new EndpointError({
    what: `${address} is not an HTTP proxy.`,
    why: 'Its answer to CONNECT is not HTTP.',
    next: 'Check the port, or write socks5:// if it is a SOCKS5 proxy.',
    details: head.slice(0, 2000),
  });
}

function refusal(status: number, head: string, authority: string, address: string): EndpointError {
  const reason = (head.split('\r\n', 1)[0] ?? '').replace(/^HTTP\/\S+ /, '').slice(0, 200);
  const [why, next] = refusalWords(status);
  return new EndpointError({
    what: `The proxy ${address} refused a tunnel to ${authority}: ${reason}.`,
    why,
    next,
    code: String(status),
    details: head.slice(0, 2000),
  });
}

function refusalWords(status: number): [why: string, next: string] {
  if (status === 407) {
    return ['It wants a user name and a password, or does not accept these.', 'Write http://user:password@host:port.'];
  }
  if (status === 403 || status === 405) {
    return ['It does not allow tunnels to that host or port.', 'Ask who runs it to allow it, or go without the proxy.'];
  }
  if (status >= 500) {
    return ['It could not reach the target itself.', 'Check the target; the proxy, not this machine, looks it up.'];
  }
  return ['', 'Check whether this is the right proxy.'];
}
