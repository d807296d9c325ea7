// Reads the certificate and key files a TLS config names and checks them before any handshake, so that a bad file is
// reported by its own name instead of as a failed connection. Nothing read here is logged, recorded or kept.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsConfig } from '../../core/session-config.ts';
import { errorCode } from '../../core/system-error.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';

/** What Node's TLS needs to prove who we are. */
export interface Identity {
  cert?: Buffer;
  key?: Buffer;
  pfx?: Buffer;
  passphrase?: string;
}

const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/** The authorities of a PEM file. Throws an EndpointError that names the file. */
export async function readAuthorities(path: string, host: EndpointHost): Promise<Buffer> {
  const bytes = await readNamed(path, 'CA file', host);
  for (const certificate of certificatesOf(bytes, path, 'CA file')) warnAboutValidity(certificate, path, host);
  return bytes;
}

/** Certificate and key, or the PKCS#12 file, of a config; empty if it names none. Throws an EndpointError. */
export async function readIdentity(config: TlsConfig, host: EndpointHost): Promise<Identity> {
  if (config.pkcs12 !== undefined) return readPkcs12(config.pkcs12, config.passphrase, host);
  if (config.cert === undefined && config.key === undefined) return {};
  if (config.cert === undefined || config.key === undefined) {
    const [present, absent] = config.cert === undefined ? ['key', 'certificate'] : ['certificate', 'key'];
    throw new EndpointError({
      what: `The TLS settings name a ${present} but no ${absent}.`,
      why: 'A certificate can only be used together with its private key.',
      next: `Name the ${absent} file too. If both are in one file, name it twice.`,
    });
  }
  const cert = await readNamed(config.cert, 'certificate file', host);
  const [leaf] = certificatesOf(cert, config.cert, 'certificate file');
  const keyBytes = await readNamed(config.key, 'key file', host);
  const key = privateKeyOf(keyBytes, config.key, config.passphrase);
  if (leaf && !leaf.checkPrivateKey(key)) {
    throw new EndpointError({
      what: `The key in ${config.key} does not belong to the certificate in ${config.cert}.`,
      why: 'The first certificate of the file has a different public key.',
      next: 'Choose the key the certificate was issued for. In a chain file the own certificate must stand first.',
    });
  }
  if (leaf) warnAboutValidity(leaf, config.cert, host);
  return { cert, key: keyBytes, ...passphraseOf(config.passphrase) };
}

async function readPkcs12(path: string, passphrase: string | undefined, host: EndpointHost): Promise<Identity> {
  const pfx = await readNamed(path, 'PKCS#12 file', host);
  const identity = { pfx, ...passphraseOf(passphrase) };
  try {
    createSecureContext(identity);
  } catch (error) {
    throw new EndpointError(
      { ...pkcs12Problem(messageOf(error), path, passphrase), ...technical(error) },
      { cause: error },
    );
  }
  return identity;
}

function pkcs12Problem(message: string, path: string, passphrase: string | undefined) {
  if (/mac verify failure/i.test(message)) {
    return {
      what: `The passphrase ${passphrase ? 'does not open' : 'is missing for'} ${path}.`,
      why: 'The integrity check of the PKCS#12 file failed with it.',
      next: 'Enter the passphrase the file was exported with.',
    };
  }
  if (/unsupported/i.test(message)) {
    return {
      what: `${path} is encrypted in a way that is no longer supported.`,
      why: 'Older tools write PKCS#12 files with RC2 or 3DES, which OpenSSL 3 refuses.',
      next: 'Export it again: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW.',
    };
  }
  return {
    what: `${path} is not a PKCS#12 file with a certificate and its key.`,
    why: 'It cannot be read as PKCS#12 (usual endings: .p12, .pfx).',
    next: 'Choose another file. PEM files belong into the certificate and key settings.',
  };
}

async function readNamed(path: string, kind: string, host: EndpointHost): Promise<Buffer> {
  try {
    return await readFile(host.path(path));
  } catch (error) {
    const code = errorCode(error) ?? '';
    const reasons: { [code: string]: string } = {
      ENOENT: 'There is no such file.',
      EACCES: 'It may not be read by this user.',
      EISDIR: 'It is a folder.',
    };
    throw new EndpointError(
      {
        what: `The ${kind} ${path} cannot be read.`,
        why: reasons[code] ?? messageOf(error),
        next: 'Check the path: a relative one starts at the folder of the session file.',
        ...technical(error),
      },
      { cause: error },
    );
  }
}

/** The certificates of a PEM file, in its order; at least one. */
function certificatesOf(bytes: Buffer, path: string, kind: string): X509Certificate[] {
  const blocks = bytes
    .toString('latin1')
    .match(/-----BEGIN [^-]*CERTIFICATE-----[\s\S]*?-----END [^-]*CERTIFICATE-----/g);
  if (!blocks) throw notPem(bytes, path, kind);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new EndpointError(
      {
        what: `The ${kind} ${path} holds a damaged certificate.`,
        why: 'What stands between BEGIN CERTIFICATE and END CERTIFICATE cannot be read.',
        next: 'Export or copy the file again.',
        ...technical(error),
      },
      { cause: error },
    );
  }
}

function notPem(bytes: Buffer, path: string, kind: string): EndpointError {
  const text = bytes.toString('latin1');
  const why = PRIVATE_KEY.test(text)
    ? 'It holds a private key, but no certificate.'
    : bytes[0] === 0x30
      ? 'It looks like a binary (DER) file.'
      : 'It is not PEM: there is no line BEGIN CERTIFICATE.';
  return new EndpointError({
    what: `The ${kind} ${path} has no certificate in it.`,
    why,
    next:
      bytes[0] === 0x30
        ? 'Convert it: openssl x509 -inform der -in FILE -out FILE.pem. A .p12 or .pfx belongs into the PKCS#12 setting.'
        : 'Choose a PEM file.',
  });
}

function privateKeyOf(bytes: Buffer, path: string, passphrase: string | undefined): KeyObject {
  const text = bytes.toString('latin1');
  if (!PRIVATE_KEY.test(text)) {
    throw new EndpointError({
      what: `The key file ${path} has no private key in it.`,
      why: CERTIFICATE.test(text) ? 'It holds a certificate.' : 'It is not PEM: there is no line BEGIN PRIVATE KEY.',
      next: 'Choose the PEM file with the private key.',
    });
  }
  const encrypted = /ENCRYPTED/.test(text);
  try {
    return createPrivateKey({ key: bytes, format: 'pem', ...passphraseOf(passphrase) });
  } catch (error) {
    throw new EndpointError(
      {
        what: encrypted
          ? `The passphrase ${passphrase ? 'does not open' : 'is missing for'} the key in ${path}.`
          : `The private key in ${path} cannot be read.`,
        why: encrypted ? 'The key is encrypted.' : 'It is damaged or of a kind that is not supported.',
        next: encrypted ? 'Enter the passphrase of the key.' : 'Export the key again as PEM.',
        ...technical(error),
      },
      { cause: error },
    );
  }
}

/** An expired certificate is used all the same: seeing how the other side takes it is a reason to use this tool. */
function warnAboutValidity(certificate: X509Certificate, path: string, host: EndpointHost): void {
  const now = Date.now();
  const expired = Date.parse(certificate.validTo) < now;
  if (!expired && Date.parse(certificate.validFrom) <= now) return;
  const text = expired
    ? `The certificate in ${path} expired on ${certificate.validTo}.`
    : `The certificate in ${path} is not valid before ${certificate.validFrom}.`;
  host.recorder.event(
    {
      type: 'tls',
      severity: 'warning',
      text,
      fields: { file: path, subject: certificate.subject, 'certificate expires': certificate.validTo },
    },
    host.recorder.now(),
  );
}

function passphraseOf(passphrase: string | undefined): { passphrase?: string } {
  return passphrase === undefined ? {} : { passphrase };
}

function technical(error: unknown): { code?: string; details: string } {
  const code = errorCode(error);
  return { ...(code === undefined ? {} : { code }), details: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
