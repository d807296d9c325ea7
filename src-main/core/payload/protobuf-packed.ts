// Length-delimited bytes of Protocol Buffers read as packed numbers.
import { floatText } from './binary-reader.ts';
import { readVarint } from './varint.ts';

/** Numbers shown of a packed field. */
const MAX_SHOWN = 16;

/** `packed varint`, `packed fixed32` … : what the bytes could be besides text, bytes and a message. */
export function packedReadings(bytes: Uint8Array): { type: string; value: string }[] {
  if (bytes.length < 2) return [];
  const readings: { type: string; value: string }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const varints = packedVarints(bytes);
  if (varints) readings.push({ type: 'packed varint', value: varints });
  if (bytes.length % 4 === 0) {
    readings.push({
      type: 'packed fixed32',
      value: listed(bytes.length / 4, (i) => String(view.getUint32(i * 4, true))),
    });
    readings.push({
      type: 'packed float',
      value: listed(bytes.length / 4, (i) => floatText(view.getFloat32(i * 4, true))),
    });
  }
  if (bytes.length % 8 === 0) {
    readings.push({
      type: 'packed fixed64',
      value: listed(bytes.length / 8, (i) => String(view.getBigUint64(i * 8, true))),
    });
    readings.push({
      type: 'packed double',
      value: listed(bytes.length / 8, (i) => floatText(view.getFloat64(i * 8, true))),
    });
  }
  return readings;
}

function packedVarints(bytes: Uint8Array): string | undefined {
  const shown: string[] = [];
  let count = 0;
  for (let at = 0; at < bytes.length; count++) {
    const varint = readVarint(bytes, at, bytes.length);
    if (typeof varint === 'string') return undefined;
    if (count < MAX_SHOWN) shown.push(String((BigInt(varint.high) << 32n) | BigInt(varint.low)));
    at += varint.length;
  }
  return listed(count, (i) => shown[i]!);
}

function listed(count: number, textAt: (index: number) => string): string {
  const shown = Array.from({ length: Math.min(count, MAX_SHOWN) }, (_, i) => textAt(i));
  return `[${shown.join(', ')}${count > MAX_SHOWN ? `, … ${count - MAX_SHOWN} more` : ''}]`;
}
