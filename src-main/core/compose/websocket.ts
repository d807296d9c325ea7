// Values → WebSocket frames (RFC 6455 §5.2), the inverse of the dissector. Makes any frame that can be written down,
// right or wrong, because testing a server needs the wrong ones too.

/** How the length is written: 7, 7+16 or 7+64 bits. */
export type LengthForm = 7 | 16 | 64;

export interface FrameValues {
  /** 0–15. */
  opcode: number;
  /** true if absent. */
  fin?: boolean;
  /** RSV1–RSV3 as a number 0–7, RSV1 the highest; 0 if absent. */
  rsv?: number;
  /** Masking key; the payload given here is the unmasked one. */
  maskingKey?: Uint8Array | undefined;
  payload?: Uint8Array;
  /** The shortest that fits if absent. */
  lengthForm?: LengthForm;
  /** What the length field says instead of the payload's length. */
  declaredLength?: bigint;
}

/**
 * The bytes of a frame.
 * @throws RangeError if a value does not fit its field
 */
export function composeFrame(values: FrameValues): Uint8Array {
  const { opcode, fin = true, rsv = 0, maskingKey, payload = new Uint8Array(0) } = values;
  if (!Number.isInteger(opcode) || opcode < 0 || opcode > 15) throw new RangeError(`opcode ${opcode} is not 0–15`);
  if (!Number.isInteger(rsv) || rsv < 0 || rsv > 7) throw new RangeError(`rsv ${rsv} is not 0–7`);
  if (maskingKey && maskingKey.length !== 4) throw new RangeError('a masking key has four bytes');
  const length = values.declaredLength ?? BigInt(payload.length);
  const form = values.lengthForm ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  if (length < 0n || length >= lengthLimit[form]) throw new RangeError(`length ${length} does not fit ${form} bits`);

  const extended = form === 7 ? 0 : form / 8;
  const payloadStart = 2 + extended + (maskingKey ? 4 : 0);
  const frame = new Uint8Array(payloadStart + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  frame[1] = (maskingKey ? 0x80 : 0) | (form === 7 ? Number(length) : form === 16 ? 126 : 127);
  if (form === 16) view.setUint16(2, Number(length));
  if (form === 64) view.setBigUint64(2, length);
  frame.set(payload, payloadStart);
  if (maskingKey) {
    frame.set(maskingKey, payloadStart - 4);
    for (let i = 0; i < payload.length; i++) frame[payloadStart + i]! ^= maskingKey[i & 3]!;
  }
  return frame;
}

/** One above the greatest length each form can say; 126 and 127 are taken in seven bits. */
const lengthLimit: { readonly [form in LengthForm]: bigint } = { 7: 126n, 16: 1n << 16n, 64: 1n << 64n };

/** The payload of a close frame: a code and a reason, or nothing without a code (RFC 6455 §5.5.1). */
export function composeClosePayload(code?: number, reason = ''): Uint8Array {
  if (code === undefined) return new Uint8Array(0);
  const text = new TextEncoder().encode(reason);
  const payload = new Uint8Array(2 + text.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text, 2);
  return payload;
}
