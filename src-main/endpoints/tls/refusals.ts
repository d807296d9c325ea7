// Says in words why TLS did not come about, or why a certificate was not accepted. Words only: no sockets.
import type { Problem } from '../../core/event.ts';
import { errorCode } from '../../core/system-error.ts';

/** Where TLS was meant to happen. */
export interface TlsAttempt {
  /** `host:port` of the peer. */
  address: string;
  /** Which side we are; client if absent. */
  side?: 'client' | 'server';
}

/** X509 verification results by OpenSSL's code: what is wrong with the certificate, and what helps. */
const VERIFICATION: { readonly [code: string]: readonly [why: string, next: string] } = {
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'it is self-signed',
    'If you know this peer, give its certificate as CA file, or turn verification off for this session.',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'its chain ends in an authority that is not trusted here',
    'Give the authority’s certificate as CA file, or turn verification off for this session.',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'the authority that issued it is unknown, or the peer does not send the certificates in between',
    'Give the authority’s certificate as CA file. A server should send its intermediate certificates too.',
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'the certificate of an authority in its chain is missing',
    'Give the root authority’s certificate as CA file.',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'the authority that issued it is not trusted here',
    'Give the authority’s certificate as CA file, or turn verification off for this session.',
  ],
  CERT_HAS_EXPIRED: ['it has expired', 'Renew the certificate, or turn verification off for this session.'],
  CERT_NOT_YET_VALID: ['it is not valid yet', 'Check the clocks of both machines.'],
  CERT_SIGNATURE_FAILURE: ['its signature is wrong', 'The CA file may hold another authority of the same name.'],
  CERT_REVOKED: ['it was revoked', 'The peer needs a new certificate.'],
  CERT_UNTRUSTED: ['its authority is not trusted for this purpose', 'Give another CA file.'],
  INVALID_PURPOSE: [
    'it was not issued for this purpose',
    'The peer needs a certificate for its role (extended key usage).',
  ],
  INVALID_CA: ['its issuer is not an authority', 'The issuer’s certificate lacks the CA basic constraint.'],
  PATH_LENGTH_EXCEEDED: ['its chain is longer than an authority in it allows', 'The peer needs another chain.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'it is for another name',
    'Connect by a name in the certificate, or set the server name in the TLS settings.',
  ],
};

/** What is wrong with a certificate, as half a sentence (`it has expired`), for a code such as CERT_HAS_EXPIRED. */
export function verificationFailure(code: string): string {
  return VERIFICATION[code]?.[0] ?? `it was not accepted (${code})`;
}

/** Alerts of the peer and failures of the handshake, by a pattern over the library's words. */
const HANDSHAKE: readonly [pattern: RegExp, explain: (attempt: TlsAttempt) => Omit<Problem, 'code' | 'details'>][] = [
  [
    /wrong version number|packet length too long|http request|record layer failure|unexpected message/i,
    ({ address, side }) =>
      side === 'server'
        ? {
            what: `${address} does not speak TLS.`,
            why: 'Its first bytes are not a TLS handshake: it may be a client without TLS.',
            next: 'Turn TLS on at the client, or off at this server.',
          }
        : {
            what: `${address} does not speak TLS.`,
            why: 'Its answer to the handshake is not TLS: the port may be meant for connections without TLS.',
            next: 'Try the address without TLS (tcp://, ws:// or grpc://), or another port.',
          },
  ],
  [
    /certificate required/i,
    ({ address }) => ({
      what: `${address} requires a client certificate.`,
      why: 'None was sent. In TLS 1.3 the refusal only arrives after the handshake, with the first bytes read.',
      next: 'Give a certificate and its key, or a PKCS#12 file, in the TLS settings.',
    }),
  ],
  [
    /peer did not return a certificate/i,
    ({ address }) => ({
      what: `${address} sent no client certificate.`,
      why: 'This server asks for one and verifies it.',
      next: 'Give the client a certificate, or turn the request or its verification off.',
    }),
  ],
  [
    /alert unknown ca/i,
    ({ address, side }) => ({
      what: `${address} does not trust the authority of our certificate.`,
      why: 'It sent the TLS alert "unknown ca".',
      next:
        side === 'server'
          ? 'Give the client our authority’s certificate as trusted, or let it skip verification.'
          : 'Use a client certificate issued by an authority the server trusts.',
    }),
  ],
  [
    /alert (bad certificate|certificate unknown|unsupported certificate)/i,
    ({ address }) => ({
      what: `${address} did not accept our certificate.`,
      why: 'It sent a TLS alert about it.',
      next: 'Check that the certificate is meant for this role and that the peer trusts its authority.',
    }),
  ],
  [
    /alert certificate expired/i,
    ({ address }) => ({
      what: `${address} refused our certificate as expired.`,
      why: 'It sent the TLS alert "certificate expired".',
      next: 'Renew the certificate, or check the clocks of both machines.',
    }),
  ],
  [
    /no application protocol/i,
    ({ address }) => ({
      what: `${address} and this side share no application protocol (ALPN).`,
      why: 'It refused every protocol that was offered.',
      next: 'Change the ALPN list in the TLS settings, or leave it empty.',
    }),
  ],
  [
    /unrecognized name/i,
    ({ address }) => ({
      what: `${address} does not know the server name that was sent.`,
      why: 'It sent the TLS alert "unrecognized name".',
      next: 'Set the server name in the TLS settings.',
    }),
  ],
  [
    /protocol version|unsupported protocol|no protocols available/i,
    ({ address }) => ({
      what: `${address} and this side share no TLS version.`,
      why: 'This side speaks TLS 1.2 and 1.3.',
      next: 'The peer may only know older versions and needs an update.',
    }),
  ],
  [
    /no shared cipher|handshake failure/i,
    ({ address }) => ({
      what: `${address} and this side could not agree on TLS settings.`,
      why: 'They share no cipher, or the peer requires a certificate that was not sent.',
      next: 'If the peer wants a client certificate, give one in the TLS settings.',
    }),
  ],
  [
    /decrypt error|bad record mac/i,
    ({ address }) => ({
      what: `The TLS handshake with ${address} failed its cryptographic check.`,
      why: 'Something between the two changed the bytes, or a certificate does not match its key.',
      next: 'Try without a proxy in between.',
    }),
  ],
  [
    /TLS handshake timeout/i,
    ({ address }) => ({
      what: `${address} did not finish the TLS handshake in time.`,
      why: 'It is connected but silent: it may not speak TLS.',
      next: 'Try the address without TLS.',
    }),
  ],
  [
    /disconnected before secure TLS connection/i,
    ({ address }) => ({
      what: `${address} closed the connection during the TLS handshake.`,
      why: 'It may not speak TLS, or refuse this side without saying why.',
      next: 'Try the address without TLS, or look at the log of the peer.',
    }),
  ],
];

/** The Problem behind an error of a TLS socket, or undefined if the error is not about TLS. */
export function tlsProblem(error: unknown, attempt: TlsAttempt): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = errorCode(error) ?? '';
  const technical = { ...(code ? { code } : {}), details: error.message };

  const verification = VERIFICATION[code];
  if (verification) {
    const { names, wanted } = namesOf(error);
    return {
      what: `The certificate of ${attempt.address} was not accepted: ${verification[0]}.`,
      why: names ? `It is for ${names}, not for ${wanted}.` : 'Nothing was sent over this connection.',
      next: verification[1],
      ...technical,
    };
  }
  // BoringSSL (Electron) writes WRONG_VERSION_NUMBER where OpenSSL writes wrong version number.
  const words = `${code} ${error.message}`.replaceAll('_', ' ');
  if (!/SSL|TLS|EPROTO/.test(words)) return undefined;
  for (const [pattern, explain] of HANDSHAKE) {
    if (pattern.test(words)) return { ...explain(attempt), ...technical };
  }
  return {
    what: `TLS with ${attempt.address} failed.`,
    why: 'The handshake or the encrypted connection broke with an error this program has no better words for.',
    next: 'The details hold the library’s own words.',
    ...technical,
  };
}

/** What Node's ERR_TLS_CERT_ALTNAME_INVALID tells of the certificate. */
function namesOf(error: Error): { names: string; wanted: string } {
  const { cert, host = '' } = error as { cert?: { subjectaltname?: string; subject?: { CN?: string } }; host?: string };
  const names = cert?.subjectaltname ?? cert?.subject?.CN ?? '';
  return { names: names.replace(/(DNS|IP Address):/g, ''), wanted: host };
}
