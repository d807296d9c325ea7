// Says in words why no HTTP/2 came about on a connection that stands. Words only: no sockets are touched.
import type { TLSSocket } from 'node:tls';
import type { ConnectedStream } from '../connect.ts';
import { EndpointError } from '../endpoint.ts';
import { endpointError } from '../problems.ts';

/** How much of an answer is needed to say what it is. */
export const FIRST_BYTES = 64;

const CHECK_PORT = 'Check the port.';

/** What is known of a connection on which no HTTP/2 came about. */
export interface Refusal {
  address: string;
  /** TLS stood. */
  secured: boolean;
  /** The first bytes of the peer. */
  first: Uint8Array;
  /** What ended the socket, if it was an error. */
  error: Error | undefined;
}

/** Why there is no HTTP/2. */
export function noHttp2({ address, secured, first, error }: Refusal): EndpointError {
  if (error) return endpointError(error, { step: 'receive', address });
  const details = first.length > 0 ? JSON.stringify(Buffer.from(first).toString('latin1')) : '';
  const [what, why, next] = WORDS[kindOf(first, secured)](address);
  return new EndpointError({ what, why, next, code: 'NOT_HTTP2', ...(details === '' ? {} : { details }) });
}

type Kind = 'nothing' | 'nothing in TLS' | 'http1' | 'tls' | 'http2' | 'other';

const WORDS: { readonly [kind in Kind]: (address: string) => [what: string, why: string, next: string] } = {
  nothing: (address) => [
    `${address} closed the connection instead of answering.`,
    'It may expect TLS, speak another protocol than HTTP/2, or refuse this side.',
    'Check the port, and try grpcs:// instead of grpc://.',
  ],
  'nothing in TLS': (address) => [
    `${address} closed the connection right after the TLS handshake.`,
    'It may require a client certificate: some servers refuse without saying so.',
    'Give a certificate and its key, or a PKCS#12 file, in the TLS settings.',
  ],
  http1: (address) => [`${address} speaks HTTP/1, not HTTP/2.`, 'gRPC needs HTTP/2.', CHECK_PORT],
  tls: (address) => [`${address} expects TLS.`, 'It answered in TLS.', 'Write grpcs:// instead of grpc://.'],
  http2: (address) => [
    `${address} began to speak HTTP/2 and broke it off.`,
    'It refused our settings, or broke the rules.',
    'The frames are on the timeline.',
  ],
  other: (address) => [`${address} does not speak HTTP/2.`, 'Its first bytes are something else.', CHECK_PORT],
};

function kindOf(first: Uint8Array, secured: boolean): Kind {
  if (first.length === 0) return secured ? 'nothing in TLS' : 'nothing';
  if (Buffer.from(first.subarray(0, 7)).toString('latin1') === 'HTTP/1.') return 'http1';
  // An alert or a handshake record (RFC 8446 §5.1).
  if ((first[0] === 21 || first[0] === 22) && first[1] === 3) return 'tls';
  // SETTINGS on stream 0 (RFC 9113 §3.4).
  const settings = first.length >= 9 && first[3] === 4 && first.subarray(5, 9).every((byte) => byte === 0);
  return settings ? 'http2' : 'other';
}

/** Throws an EndpointError if TLS did not agree on HTTP/2, which gRPC demands (RFC 9113 §3.2). */
export function requireAlpn({ socket }: ConnectedStream, address: string): void {
  if (!('encrypted' in socket)) return;
  const agreed = (socket as TLSSocket).alpnProtocol;
  if (agreed !== 'h2') {
    throw noAlpn(address, agreed ? `It chose ${agreed} (ALPN).` : 'It agreed on no protocol at all (ALPN).');
  }
}

/** The error for a server whose TLS does not lead to HTTP/2. */
export function noAlpn(address: string, why: string): EndpointError {
  return new EndpointError({
    what: `${address} does not offer HTTP/2 over TLS.`,
    why,
    next: 'gRPC needs a server that announces “h2” by ALPN. Check the port, and what stands in front of the server.',
    code: 'NO_ALPN_H2',
  });
}
