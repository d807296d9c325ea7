// What selected bytes are as numbers and text: the small line under the hex view. Pure.

export interface Reading {
  type: string;
  value: string;
}

/** Readings of the first bytes of a selection, those that fit its length; at most 8 bytes are looked at. */
export function readings(bytes: Uint8Array, littleEndian: boolean): Reading[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength;
  const found: Reading[] = [];
  if (length === 0) return found;
  if (length === 1) {
    const value = view.getUint8(0);
    found.push({ type: 'u8', value: String(value) });
    if (value > 127) found.push({ type: 'i8', value: String(view.getInt8(0)) });
    found.push({ type: 'bits', value: value.toString(2).padStart(8, '0') });
    return found;
  }
  if (length === 2) {
    pushIntegers(found, 16, view.getUint16(0, littleEndian), view.getInt16(0, littleEndian));
  } else if (length === 4) {
    pushIntegers(found, 32, view.getUint32(0, littleEndian), view.getInt32(0, littleEndian));
    found.push({ type: 'f32', value: float(view.getFloat32(0, littleEndian)) });
  } else if (length === 8) {
    pushIntegers(found, 64, view.getBigUint64(0, littleEndian), view.getBigInt64(0, littleEndian));
    found.push({ type: 'f64', value: float(view.getFloat64(0, littleEndian)) });
  } else if (length < 8) {
    found.push({ type: `u${length * 8}`, value: String(unsigned(bytes, littleEndian)) });
  }
  return found;
}

function pushIntegers(found: Reading[], bits: number, unsignedValue: number | bigint, signed: number | bigint): void {
  found.push({ type: `u${bits}`, value: String(unsignedValue) });
  if (signed < 0) found.push({ type: `i${bits}`, value: String(signed) });
}

function unsigned(bytes: Uint8Array, littleEndian: boolean): bigint {
  let value = 0n;
  for (let at = 0; at < bytes.length; at += 1) {
    value = (value << 8n) | BigInt(bytes[littleEndian ? bytes.length - 1 - at : at] ?? 0);
  }
  return value;
}

function float(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '−∞' : '∞';
  return Number(value.toPrecision(7)).toString();
}
