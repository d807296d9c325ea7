// Certificates for tests: an authority, and leaves with any names and dates.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** PEM. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

export interface LeafOptions {
  names: string[];
  subject?: string;
  /** Days from now; negative is the past. */
  validFromDays?: number;
  validToDays?: number;
}

export interface Authority {
  /** PEM. */
  cert: string;
  issue(options: LeafOptions): Promise<CertificateFiles>;
}

export async function makeAuthority(name = 'Test authority'): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    ...validity({}),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { cert: certificate.toString('pem'), issue: (options) => issue(certificate, keys, options) };
}

/** A certificate that is its own authority. */
export async function makeSelfSigned(options: LeafOptions): Promise<CertificateFiles> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '03',
    name: `CN=${options.subject ?? 'self'}`,
    ...validity(options),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [alternativeNames(options.names)],
  });
  return { cert: certificate.toString('pem'), key: await privateKeyPem(keys) };
}

async function issue(
  issuer: X509Certificate,
  issuerKeys: webcrypto.CryptoKeyPair,
  options: LeafOptions,
): Promise<CertificateFiles> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '02',
    subject: `CN=${options.subject ?? 'leaf'}`,
    issuer: issuer.subject,
    ...validity(options),
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(false, undefined, true), alternativeNames(options.names)],
  });
  return { cert: certificate.toString('pem'), key: await privateKeyPem(keys) };
}

function validity({ validFromDays = -1, validToDays = 365 }: Partial<LeafOptions>) {
  return {
    notBefore: new Date(Date.now() + validFromDays * DAY_MS),
    notAfter: new Date(Date.now() + validToDays * DAY_MS),
  };
}

function alternativeNames(names: readonly string[]): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
  );
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
