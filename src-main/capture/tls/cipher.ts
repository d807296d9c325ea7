// The keys of TLS records and opening them: HKDF and records of TLS 1.3 (RFC 8446 §5.2, §7), the PRF and AEAD records of TLS
// 1.2 (RFC 5246 §5, RFC 5288, RFC 6655, RFC 7905). All ciphers work on the cryptography of Node and of Electron, which has
// neither CCM nor ChaCha20.
import { type CipherGCMTypes, createCipheriv, createDecipheriv, createHmac, getCiphers } from 'node:crypto';
import { Version } from '../../core/dissect/tls/format.ts';
import type { RecordKeys, TlsSession } from '../../core/dissect/tls/host.ts';
import { type AeadSuite, aeadSuite } from '../../core/dissect/tls/suites.ts';
import { Direction } from '../../core/record.ts';
import { openChaCha20Poly1305 } from './chacha20-poly1305.ts';

const NONCE_BYTES = 12;
/** Of GCM and CCM in TLS 1.2: the nonce's secret part; the rest stands before the ciphertext. */
const SALT_BYTES = 4;
const EXPLICIT_BYTES = NONCE_BYTES - SALT_BYTES;
const MASTER_SECRET_BYTES = 48;
const NOTHING = new Uint8Array(0);
const HAS_CHACHA20 = getCiphers().includes('chacha20-poly1305');

/** Keys of TLS 1.3 from a traffic secret; undefined if suite and secret do not go together. */
export function trafficKeys(suiteNumber: number, secret: Uint8Array): RecordKeys | undefined {
  const suite = aeadSuite(suiteNumber);
  if (!suite || secret.length !== hashBytes(suite)) return undefined;
  return new TrafficKeys(suite, secret);
}

/** Keys of TLS 1.2 for one direction from the master secret; undefined if the suite is not AEAD. */
export function sessionKeys(session: TlsSession, master: Uint8Array, direction: Direction): RecordKeys | undefined {
  const suite = aeadSuite(session.suite);
  if (!suite || session.version !== Version.tls12 || master.length !== MASTER_SECRET_BYTES) return undefined;
  const ivBytes = suite.cipher === 'chacha20-poly1305' ? NONCE_BYTES : SALT_BYTES;
  const seed = Buffer.concat([Buffer.from('key expansion'), session.serverRandom, session.clientRandom]);
  const keyBlock = prf(suite.hash, master, seed, 2 * (suite.keyBytes + ivBytes));
  const side = direction === Direction.clientToServer ? 0 : 1;
  const key = keyBlock.subarray(side * suite.keyBytes, (side + 1) * suite.keyBytes);
  const ivs = keyBlock.subarray(2 * suite.keyBytes);
  return new SessionKeys(suite, key, ivs.subarray(side * ivBytes, (side + 1) * ivBytes));
}

class TrafficKeys implements RecordKeys {
  readonly #suite: AeadSuite;
  readonly #secret: Uint8Array;
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;

  constructor(suite: AeadSuite, secret: Uint8Array) {
    this.#suite = suite;
    this.#secret = secret;
    this.#key = expandLabel(suite.hash, secret, 'key', suite.keyBytes);
    this.#iv = expandLabel(suite.hash, secret, 'iv', NONCE_BYTES);
  }

  open(sequence: number, header: Uint8Array, body: Uint8Array): Uint8Array | undefined {
    return openAead(this.#suite, this.#key, sequenceNonce(this.#iv, sequence), header, body);
  }

  next(): RecordKeys {
    return new TrafficKeys(
      this.#suite,
      expandLabel(this.#suite.hash, this.#secret, 'traffic upd', hashBytes(this.#suite)),
    );
  }
}

class SessionKeys implements RecordKeys {
  readonly #suite: AeadSuite;
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;

  constructor(suite: AeadSuite, key: Uint8Array, iv: Uint8Array) {
    this.#suite = suite;
    this.#key = key;
    this.#iv = iv;
  }

  open(sequence: number, header: Uint8Array, body: Uint8Array): Uint8Array | undefined {
    const hasExplicit = this.#suite.cipher !== 'chacha20-poly1305';
    const sealed = hasExplicit ? body.subarray(EXPLICIT_BYTES) : body;
    const length = sealed.length - this.#suite.tagBytes;
    if (length < 0 || (hasExplicit && body.length < EXPLICIT_BYTES)) return undefined;
    const nonce = hasExplicit
      ? Buffer.concat([this.#iv, body.subarray(0, EXPLICIT_BYTES)])
      : sequenceNonce(this.#iv, sequence);
    // RFC 5246 §6.2.3.3: sequence number, type, version, length of the content.
    const additional = new Uint8Array(13);
    writeSequence(additional, 0, sequence);
    additional.set(header.subarray(0, 3), 8);
    additional[11] = length >>> 8;
    additional[12] = length;
    return openAead(this.#suite, this.#key, nonce, additional, sealed);
  }

  next(): undefined {
    return undefined;
  }
}

function hashBytes(suite: AeadSuite): number {
  return suite.hash === 'sha256' ? 32 : 48;
}

/** The IV with the sequence number on its last eight bytes (RFC 8446 §5.3). */
function sequenceNonce(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  writeSequence(nonce, NONCE_BYTES - 8, sequence);
  for (let i = 0; i < NONCE_BYTES; i++) nonce[i]! ^= iv[i]!;
  return nonce;
}

function writeSequence(bytes: Uint8Array, at: number, sequence: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(at, Math.floor(sequence / 2 ** 32));
  view.setUint32(at + 4, sequence >>> 0);
}

/** HKDF-Expand-Label with an empty context (RFC 8446 §7.1). `length`: at most that of the hash. */
function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Uint8Array {
  const text = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Uint8Array.of(length >>> 8, length, text.length), text, Uint8Array.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

/** P_hash (RFC 5246 §5). */
function prf(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const hmac = (...parts: Uint8Array[]): Buffer => {
    const keyed = createHmac(hash, secret);
    for (const part of parts) keyed.update(part);
    return keyed.digest();
  };
  const blocks: Uint8Array[] = [];
  let a: Uint8Array = seed;
  for (let have = 0; have < length; ) {
    a = hmac(a);
    const block = hmac(a, seed);
    blocks.push(block);
    have += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** What `sealed`, ciphertext and tag, holds; undefined if the tag is wrong. */
function openAead(
  suite: AeadSuite,
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < suite.tagBytes) return undefined;
  if (suite.cipher === 'aes-ccm') return openCcm(key, nonce, additional, sealed, suite.tagBytes);
  if (suite.cipher === 'aes-gcm')
    return openNative(`aes-${key.length === 16 ? 128 : 256}-gcm`, key, nonce, additional, sealed);
  if (!HAS_CHACHA20) return openChaCha20Poly1305(key, nonce, additional, sealed);
  return openNative('chacha20-poly1305', key, nonce, additional, sealed);
}

function openNative(
  cipher: CipherGCMTypes | 'chacha20-poly1305',
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const tagAt = sealed.length - 16;
  const decipher = createDecipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(tagAt));
  decipher.setAAD(additional);
  const plain = decipher.update(sealed.subarray(0, tagAt));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** CCM (RFC 3610) with a nonce of 12 bytes, from counter mode and CBC-MAC. */
function openCcm(
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
  tagBytes: number,
): Uint8Array | undefined {
  const bits = key.length * 8;
  const length = sealed.length - tagBytes;
  const counter = new Uint8Array(16);
  counter[0] = 2;
  counter.set(nonce, 1);
  const stream = createCipheriv(`aes-${bits}-ctr`, key, counter);
  const tagMask = stream.update(new Uint8Array(16));
  const plain = stream.update(sealed.subarray(0, length));
  const first = new Uint8Array(16);
  first[0] = 0x40 | (((tagBytes - 2) / 2) << 3) | 2;
  first.set(nonce, 1);
  first.set([length >>> 16, length >>> 8, length], 13);
  const front = Buffer.concat([Uint8Array.of(additional.length >>> 8, additional.length), additional]);
  const padding = (bytes: Uint8Array): Uint8Array =>
    bytes.length % 16 === 0 ? NOTHING : new Uint8Array(-bytes.length & 15);
  const mac = createCipheriv(`aes-${bits}-cbc`, key, new Uint8Array(16)).setAutoPadding(false);
  const blocks = mac.update(Buffer.concat([first, front, padding(front), plain, padding(plain)]));
  const tag = blocks.subarray(-16);
  let difference = 0;
  for (let i = 0; i < tagBytes; i++) difference |= tag[i]! ^ tagMask[i]! ^ sealed[length + i]!;
  return difference === 0 ? plain : undefined;
}
