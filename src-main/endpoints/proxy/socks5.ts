// A tunnel through a SOCKS5 proxy (RFC 1928), with user and password (RFC 1929).
import { isIPv4, isIPv6, type Socket } from 'node:net';
import { formatAddress } from '../address.ts';
import { EndpointError } from '../endpoint.ts';
import type { OutboundProxy } from './outbound.ts';
import { type ReplyReader, withReplies } from './reply-reader.ts';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USER_AND_PASSWORD = 2;
const NONE_ACCEPTABLE = 0xff;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** RFC 1928 §6: what the reply codes mean, and what to try. */
const REPLIES: { readonly [code: number]: readonly [why: string, next: string] } = {
  1: ['It reports a general failure.', 'Look at the log of the proxy.'],
  2: ['Its rules do not allow this target.', 'Ask who runs it to allow it.'],
  3: ['It has no route to the target’s network.', 'Check the target; the proxy looks it up.'],
  4: ['It cannot reach the target’s host.', 'Check the target; the proxy looks it up.'],
  5: ['Nothing is listening at the target.', 'Check the target’s port, and start the server.'],
  6: ['The connection took too long for it.', 'Check the target, or try again later.'],
  7: ['It does not support CONNECT.', 'Use another proxy.'],
  8: ['It does not support this kind of address.', 'Write a host name, or an address of the other IP version.'],
};

/** Negotiates the tunnel. Names are sent as they are: the proxy looks them up. */
export function openSocks5Tunnel(
  socket: Socket,
  proxy: OutboundProxy,
  target: { host: string; port: number },
): Promise<void> {
  const address = formatAddress(proxy.host, proxy.port);
  return withReplies(socket, address, async (replies) => {
    const methods = proxy.credentials ? [NO_AUTHENTICATION, USER_AND_PASSWORD] : [NO_AUTHENTICATION];
    socket.write(Uint8Array.of(VERSION, methods.length, ...methods));
    const [version, method = NONE_ACCEPTABLE] = await replies.take(2);
    if (version !== VERSION) throw notSocks5(address);
    if (method === USER_AND_PASSWORD && proxy.credentials) {
      await authenticate(socket, replies, proxy.credentials, address);
    } else if (method !== NO_AUTHENTICATION) {
      throw new EndpointError({
        what: `The proxy ${address} accepts no way of signing in that was offered.`,
        why: proxy.credentials ? 'It takes neither a password nor nobody.' : 'It wants a user name and a password.',
        next: proxy.credentials ? 'Use another proxy.' : 'Write socks5://user:password@host:port.',
      });
    }
    await requestConnect(socket, replies, target, address);
  });
}

async function authenticate(
  socket: Socket,
  replies: ReplyReader,
  credentials: { user: string; password: string },
  address: string,
): Promise<void> {
  const user = Buffer.from(credentials.user);
  const password = Buffer.from(credentials.password);
  if (user.length > 255 || password.length > 255) {
    throw new EndpointError({
      what: 'A SOCKS5 user name or password has at most 255 bytes.',
      why: '',
      next: 'Shorten it.',
    });
  }
  socket.write(Buffer.concat([Buffer.of(1, user.length), user, Buffer.of(password.length), password]));
  const [, status] = await replies.take(2);
  if (status !== 0) {
    throw new EndpointError({
      what: `The proxy ${address} does not accept this user name and password.`,
      why: '',
      next: 'Check both; special characters are written percent-encoded in the proxy’s URL.',
    });
  }
}

async function requestConnect(
  socket: Socket,
  replies: ReplyReader,
  target: { host: string; port: number },
  address: string,
): Promise<void> {
  const port = Buffer.of(target.port >> 8, target.port & 0xff);
  socket.write(Buffer.concat([Buffer.of(VERSION, CONNECT, 0), destination(target.host), port]));
  const [version, reply = 1] = await replies.take(2);
  if (version !== VERSION) throw notSocks5(address);
  if (reply !== 0) {
    const [why, next] = REPLIES[reply] ?? [`It answered with code ${reply}.`, 'Look at the log of the proxy.'];
    const what = `The proxy ${address} gave no tunnel to ${formatAddress(target.host, target.port)}.`;
    throw new EndpointError({ what, why, next, code: `SOCKS5 ${reply}` });
  }
  // The bound address tells nothing of use, but its bytes must go: one of them is read along with its kind.
  const [, kind, first = 0] = await replies.take(3);
  await replies.take((kind === IPV4 ? 4 : kind === IPV6 ? 16 : first + 1) + 1);
}

function destination(host: string): Buffer {
  if (isIPv4(host)) return Buffer.of(IPV4, ...host.split('.').map(Number));
  if (isIPv6(host)) return Buffer.concat([Buffer.of(IPV6), ipv6Bytes(host)]);
  const name = Buffer.from(host);
  if (name.length > 255)
    throw new EndpointError({ what: 'A host name has at most 255 bytes.', why: '', next: 'Check the target.' });
  return Buffer.concat([Buffer.of(NAME, name.length), name]);
}

/** The 16 bytes of a valid IPv6 literal, its zone dropped. */
function ipv6Bytes(literal: string): Buffer {
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text.split(':').flatMap((part) => {
          if (!part.includes('.')) return [Number.parseInt(part, 16)];
          const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
          return [(a << 8) | b, (c << 8) | d];
        });
  const [before = '', after] = (literal.split('%', 1)[0] ?? '').split('::');
  const head = groups(before);
  const tail = after === undefined ? [] : groups(after);
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function notSocks5(address: string): EndpointError {
  return new EndpointError({
    what: `${address} is not a SOCKS5 proxy.`,
    why: 'Its first bytes are not SOCKS version 5.',
    next: 'Check the port, or write http:// if it is an HTTP proxy.',
  });
}
