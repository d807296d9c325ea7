// ChaCha20-Poly1305 (RFC 8439) for runtimes whose node:crypto lacks it: Electron is built on a library that offers it to TLS
// only. Opens what others have sealed; not for sealing, as nothing here runs in constant time.

const BLOCK_BYTES = 64;
const TAG_BYTES = 16;

/** What was sealed, or undefined if the tag, the last 16 bytes, does not fit. */
export function openChaCha20Poly1305(
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const length = sealed.length - TAG_BYTES;
  if (length < 0) return undefined;
  const ciphertext = sealed.subarray(0, length);
  const state = initialState(key, nonce);
  const oneTimeKey = new Uint8Array(BLOCK_BYTES);
  block(state, oneTimeKey);
  const tag = poly1305(oneTimeKey.subarray(0, 32), authenticated(additional, ciphertext));
  let difference = 0;
  for (let i = 0; i < TAG_BYTES; i++) difference |= tag[i]! ^ sealed[length + i]!;
  if (difference !== 0) return undefined;
  const plain = new Uint8Array(length);
  const stream = new Uint8Array(BLOCK_BYTES);
  for (let at = 0; at < length; at += BLOCK_BYTES) {
    state[12]!++;
    block(state, stream);
    const end = Math.min(length, at + BLOCK_BYTES);
    for (let i = at; i < end; i++) plain[i] = ciphertext[i]! ^ stream[i - at]!;
  }
  return plain;
}

/** RFC 8439 §2.3: constants, key, block counter 0, nonce. */
function initialState(key: Uint8Array, nonce: Uint8Array): Int32Array {
  const state = new Int32Array(16);
  state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  const keyView = new DataView(key.buffer, key.byteOffset, key.length);
  for (let i = 0; i < 8; i++) state[4 + i] = keyView.getInt32(4 * i, true);
  const nonceView = new DataView(nonce.buffer, nonce.byteOffset, nonce.length);
  for (let i = 0; i < 3; i++) state[13 + i] = nonceView.getInt32(4 * i, true);
  return state;
}

/** Signed, because engines keep only signed numbers of 32 bits as such. */
const WORKING = new Int32Array(16);

function block(state: Int32Array, into: Uint8Array): void {
  const x = WORKING;
  x.set(state);
  for (let round = 0; round < 10; round++) {
    quarter(x, 0, 4, 8, 12);
    quarter(x, 1, 5, 9, 13);
    quarter(x, 2, 6, 10, 14);
    quarter(x, 3, 7, 11, 15);
    quarter(x, 0, 5, 10, 15);
    quarter(x, 1, 6, 11, 12);
    quarter(x, 2, 7, 8, 13);
    quarter(x, 3, 4, 9, 14);
  }
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < 16; i++) view.setInt32(4 * i, (x[i]! + state[i]!) | 0, true);
}

function quarter(x: Int32Array, a: number, b: number, c: number, d: number): void {
  x[a] = (x[a]! + x[b]!) | 0;
  x[d] = rotate(x[d]! ^ x[a]!, 16);
  x[c] = (x[c]! + x[d]!) | 0;
  x[b] = rotate(x[b]! ^ x[c]!, 12);
  x[a] = (x[a]! + x[b]!) | 0;
  x[d] = rotate(x[d]! ^ x[a]!, 8);
  x[c] = (x[c]! + x[d]!) | 0;
  x[b] = rotate(x[b]! ^ x[c]!, 7);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** RFC 8439 §2.8: additional data and ciphertext, each padded to 16 bytes, then their lengths. */
function authenticated(additional: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const padded = (length: number): number => length + (-length & 15);
  const first = padded(additional.length);
  const second = first + padded(ciphertext.length);
  const bytes = new Uint8Array(second + 16);
  bytes.set(additional);
  bytes.set(ciphertext, first);
  const view = new DataView(bytes.buffer);
  view.setUint32(second, additional.length, true);
  view.setUint32(second + 8, ciphertext.length, true);
  return bytes;
}

const LIMBS = 10;
const LIMB_BITS = 13;
const LIMB_MASK = 0x1fff;
const LIMB_VALUES = 0x2000;

/**
 * RFC 8439 §2.5. Numbers modulo 2¹³⁰−5 are ten limbs of 13 bits: products of two of them and their sums stay exact in a
 * double. `message`: a multiple of 16 bytes.
 */
function poly1305(key: Uint8Array, message: Uint8Array): Uint8Array {
  const clamped = key.slice(0, 16);
  for (const i of [3, 7, 11, 15]) clamped[i]! &= 15;
  for (const i of [4, 8, 12]) clamped[i]! &= 252;
  const r = new Float64Array(LIMBS);
  addLimbs(r, clamped, 0, 0);
  // r behind 5·r: what a product carries beyond 2¹³⁰ comes back five times.
  const factors = new Float64Array(2 * LIMBS);
  for (let i = 0; i < LIMBS; i++) {
    factors[i] = 5 * r[i]!;
    factors[LIMBS + i] = r[i]!;
  }
  const h = new Float64Array(LIMBS);
  const product = new Float64Array(LIMBS);
  for (let at = 0; at < message.length; at += 16) {
    addLimbs(h, message, at, 1);
    for (let i = 0; i < LIMBS; i++) {
      let sum = 0;
      for (let j = 0; j < LIMBS; j++) sum += h[j]! * factors[LIMBS + i - j]!;
      product[i] = sum;
    }
    let carry = 0;
    for (let i = 0; i < LIMBS; i++) {
      const value = product[i]! + carry;
      carry = Math.floor(value / LIMB_VALUES);
      h[i] = value - carry * LIMB_VALUES;
    }
    h[0]! += 5 * carry;
    carry = Math.floor(h[0]! / LIMB_VALUES);
    h[0]! -= carry * LIMB_VALUES;
    h[1]! += carry;
  }
  return finish(h, key);
}

/** Adds sixteen bytes, and the bit above them, to a number in limbs. */
function addLimbs(target: Float64Array, bytes: Uint8Array, at: number, topBit: number): void {
  let bits = 0;
  let have = 0;
  let limb = 0;
  for (let i = 0; i <= 16; i++) {
    bits |= (i === 16 ? topBit : bytes[at + i]!) << have;
    have += 8;
    if (have < LIMB_BITS) continue;
    target[limb++]! += bits & LIMB_MASK;
    bits >>>= LIMB_BITS;
    have -= LIMB_BITS;
  }
}

/** The accumulator modulo 2¹³⁰−5, plus the second half of the key modulo 2¹²⁸. Once a message, so plainly. */
function finish(h: Float64Array, key: Uint8Array): Uint8Array {
  let value = 0n;
  for (let i = LIMBS - 1; i >= 0; i--) value = (value << BigInt(LIMB_BITS)) + BigInt(h[i]!);
  value %= (1n << 130n) - 5n;
  for (let i = 15, shift = 120n; i >= 0; i--, shift -= 8n) value += BigInt(key[16 + i]!) << shift;
  const tag = new Uint8Array(TAG_BYTES);
  for (let i = 0; i < TAG_BYTES; i++) tag[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return tag;
}
