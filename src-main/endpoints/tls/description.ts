// Describes a finished TLS handshake: what was agreed and who the peer says it is, as an event and as the lock.
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { LifecycleEvent } from '../../core/event.ts';
import type { Trust } from '../endpoint.ts';
import { verificationFailure } from './refusals.ts';

export interface TlsDescription {
  event: LifecycleEvent;
  trust: Trust;
}

type Fields = { [name: string]: string | number | boolean };

const DAY_MS = 86_400_000;
const EXPIRES_SOON_DAYS = 14;
/** Chains end in a certificate that names itself as its issuer; a hostile one need not. */
const CHAIN_LIMIT = 16;

/**
 * `socket` after its handshake. `side`: which one we are. `verify`: the peer's certificate had to be good to get here.
 */
export function describeTls(socket: TLSSocket, side: 'client' | 'server', verify: boolean): TlsDescription {
  const version = socket.getProtocol() ?? 'TLS';
  const cipher = socket.getCipher();
  const certificate = peerCertificate(socket);
  const trust = trustOf(socket, side, verify, certificate);
  const warnings = [...protocolWarnings(version), ...(certificate ? validityWarnings(certificate) : [])];
  if (side === 'client' && trust.lock === 'unverified') warnings.push(trust.text);

  const fields: Fields = { version, cipher: cipher.standardName ?? cipher.name };
  if (typeof socket.alpnProtocol === 'string') fields.ALPN = socket.alpnProtocol;
  const serverName = (socket as { servername?: string | false | null }).servername;
  if (serverName) fields['server name'] = serverName;
  if (side === 'client') {
    const exchange = socket.getEphemeralKeyInfo() as { name?: string; type?: string } | null;
    if (exchange?.name ?? exchange?.type) fields['key exchange'] = exchange?.name ?? exchange?.type ?? '';
  }
  if (socket.isSessionReused()) fields['session resumed'] = true;
  fields.verified = trust.lock === 'verified';
  fields.verification = trust.lock === 'none' ? '' : trust.text;
  if (certificate) addCertificate(fields, certificate);
  if (warnings.length > 0) fields.warnings = warnings.join(' ');

  const what = `${version} with ${String(fields.cipher)}`;
  return {
    event: {
      type: 'tls',
      severity: warnings.length > 0 ? 'warning' : 'info',
      text:
        warnings.length > 0
          ? `${what}. ${warnings[0]}`
          : `${what}, ${lowerFirst(trust.lock === 'none' ? '' : trust.text)}`,
      fields,
    },
    trust,
  };
}

function trustOf(
  socket: TLSSocket,
  side: 'client' | 'server',
  verify: boolean,
  certificate: DetailedPeerCertificate | undefined,
): Trust {
  const who = certificate ? subjectOf(certificate) : '';
  if (socket.authorized && certificate) {
    return { lock: 'verified', text: `Certificate of ${who} verified, issued by ${issuerOf(certificate)}.` };
  }
  if (!certificate) {
    return {
      lock: 'unverified',
      text:
        side === 'server'
          ? 'Encrypted; the client showed no certificate.'
          : 'Encrypted; the server showed no certificate.',
    };
  }
  const failure = verificationFailure(codeOf(socket.authorizationError));
  return {
    lock: 'unverified',
    text: verify
      ? `Certificate of ${who} not verified: ${failure}.`
      : `Certificate of ${who} not verified: verification is off, and ${failure}.`,
  };
}

/** Node types authorizationError as an Error; it is a code string. */
function codeOf(authorizationError: unknown): string {
  if (typeof authorizationError === 'string') return authorizationError;
  const { code, message } = (authorizationError ?? {}) as { code?: string; message?: string };
  return code ?? message ?? 'unknown';
}

function peerCertificate(socket: TLSSocket): DetailedPeerCertificate | undefined {
  const certificate = socket.getPeerCertificate(true) as DetailedPeerCertificate | null;
  return certificate && Object.keys(certificate).length > 0 ? certificate : undefined;
}

function addCertificate(fields: Fields, certificate: DetailedPeerCertificate): void {
  fields.subject = subjectOf(certificate);
  fields.issuer = issuerOf(certificate);
  if (certificate.subjectaltname) fields['certificate names'] = certificate.subjectaltname;
  fields['certificate valid from'] = certificate.valid_from;
  fields['certificate expires'] = certificate.valid_to;
  fields['days left'] = daysLeft(certificate);
  if (certificate.bits) fields['key bits'] = certificate.bits;
  fields['serial number'] = certificate.serialNumber;
  fields['SHA-256 fingerprint'] = certificate.fingerprint256;
  const chain = chainOf(certificate);
  fields.chain = chain.map(subjectOf).join(' ← ');
  fields['chain length'] = chain.length;
}

function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [leaf];
  const seen = new Set([leaf.fingerprint256]);
  let next: DetailedPeerCertificate | undefined = leaf.issuerCertificate;
  while (next && !seen.has(next.fingerprint256) && chain.length < CHAIN_LIMIT) {
    seen.add(next.fingerprint256);
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

function validityWarnings(certificate: DetailedPeerCertificate): string[] {
  const left = daysLeft(certificate);
  if (left < 0) return [`The certificate expired on ${certificate.valid_to}.`];
  if (Date.parse(certificate.valid_from) > Date.now())
    return [`The certificate is not valid before ${certificate.valid_from}.`];
  if (left < EXPIRES_SOON_DAYS) return [`The certificate expires soon, on ${certificate.valid_to}.`];
  return [];
}

function protocolWarnings(version: string): string[] {
  return version === 'TLSv1' || version === 'TLSv1.1' ? [`${version} is no longer considered safe (RFC 8996).`] : [];
}

/** Whole days until expiry; negative once it is over. */
function daysLeft(certificate: DetailedPeerCertificate): number {
  return Math.floor((Date.parse(certificate.valid_to) - Date.now()) / DAY_MS);
}

function subjectOf(certificate: DetailedPeerCertificate): string {
  return distinguishedName(certificate.subject) || certificate.subjectaltname || 'an unnamed peer';
}

function issuerOf(certificate: DetailedPeerCertificate): string {
  return distinguishedName(certificate.issuer) || 'an unnamed authority';
}

/** `CN=localhost, O=Example`; values come from the peer and may be lists. */
function distinguishedName(name: object | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('+') : String(value)}`)
    .join(', ');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
