// Makes a throw-away certificate for a server: a local authority and a leaf signed by it, both new at every call and
// never written to disk. Works with WebCrypto as Node 18 has it.
import 'reflect-metadata';
import { X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface ThrowAwayCertificate {
  /** PEM: the leaf, then the authority. */
  cert: string;
  /** PEM, PKCS#8, unencrypted: only ever in memory. */
  key: string;
  /** PEM of the authority, for clients that want to trust it. */
  authority: string;
  /** DNS names and IP addresses the leaf is for. */
  names: readonly string[];
  /** SHA-256 of the leaf, as `AB:CD:…`. */
  fingerprint: string;
  expires: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const VALID_DAYS = 30;

/** For localhost, 127.0.0.1, ::1, this machine's name and `listenHost`. */
export async function makeThrowAwayCertificate(listenHost?: string): Promise<ThrowAwayCertificate> {
  cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);
  const names = namesFor(listenHost);
  const expires = new Date(Date.now() + VALID_DAYS * DAY_MS);
  // Clocks of other machines run late.
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: expires };

  const authorityKeys = await newKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: newSerialNumber(),
    name: 'CN=Wirescope throw-away authority',
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const leafKeys = await newKeys();
  const leaf = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: newSerialNumber(),
    subject: 'CN=Wirescope throw-away server',
    issuer: authority.subject,
    publicKey: leafKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map(generalName)),
    ],
  });

  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey));
  const leafPem = leaf.toString('pem');
  const authorityPem = authority.toString('pem');
  return {
    cert: `${leafPem}\n${authorityPem}\n`,
    key: pem('PRIVATE KEY', pkcs8),
    authority: `${authorityPem}\n`,
    names,
    fingerprint: new NodeCertificate(leafPem).fingerprint256,
    expires,
  };
}

function namesFor(listenHost: string | undefined): string[] {
  const names = new Set(['localhost', '127.0.0.1', '::1', hostname()]);
  // The unspecified address is no name anybody connects to.
  if (listenHost && listenHost !== '0.0.0.0' && listenHost !== '::') names.add(listenHost);
  return [...names].filter((name) => name !== '' && !name.includes('%'));
}

function generalName(name: string): JsonGeneralName {
  return isIP(name) === 0 ? { type: 'dns', value: name } : { type: 'ip', value: name };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** 16 random bytes as hex, positive and without a leading zero byte (RFC 5280 §4.1.2.2). */
function newSerialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
