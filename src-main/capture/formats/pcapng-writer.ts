// Writes a pcapng file of raw IP packets with nanosecond times into an AppendFile. The only copy of a payload on its way
// to the disk is the one made here.
import type { Direction } from '../../core/record.ts';
import type { AppendFile } from '../storage/append-file.ts';
import { BlockType, BYTE_ORDER_MAGIC, LinkType, Option, padding, writeTime } from './pcapng-blocks.ts';

const EPB_HEADER_BYTES = 28;
/** Flags option, end of options, trailing length. */
const EPB_TAIL_BYTES = 8 + 4 + 4;
const NANOSECONDS = 9;

/** Section header and interface description: how every capture file begins. */
export function writeFileHeader(file: AppendFile, application: string): void {
  const name = new TextEncoder().encode(application);
  const nameBytes = 4 + name.length + padding(name.length);
  const sectionBytes = 28 + nameBytes + 4;
  const section = new DataView(new ArrayBuffer(sectionBytes));
  section.setUint32(0, BlockType.section, true);
  section.setUint32(4, sectionBytes, true);
  section.setUint32(8, BYTE_ORDER_MAGIC, true);
  section.setUint16(12, 1, true);
  section.setBigInt64(16, -1n, true);
  section.setUint16(24, Option.sectionApplication, true);
  section.setUint16(26, name.length, true);
  new Uint8Array(section.buffer).set(name, 28);
  section.setUint32(sectionBytes - 4, sectionBytes, true);
  file.append(new Uint8Array(section.buffer));

  const description = new DataView(new ArrayBuffer(32));
  description.setUint32(0, BlockType.interface, true);
  description.setUint32(4, 32, true);
  description.setUint16(8, LinkType.raw, true);
  description.setUint16(16, Option.interfaceResolution, true);
  description.setUint16(18, 1, true);
  description.setUint8(20, NANOSECONDS);
  description.setUint32(28, 32, true);
  file.append(new Uint8Array(description.buffer));
}

/**
 * Appends one packet, header and payload, and returns the payload's offset in the file. Packet and comment together must
 * fit the file's buffer. `at`: microseconds since the epoch. Direction as the client's interface saw it.
 */
export function writePacket(
  file: AppendFile,
  header: Uint8Array,
  payload: Uint8Array,
  direction: Direction,
  at: number,
  comment?: Uint8Array,
): number {
  const captured = header.length + payload.length;
  const pad = padding(captured);
  const commentBytes = comment ? 4 + comment.length + padding(comment.length) : 0;
  const total = EPB_HEADER_BYTES + captured + pad + commentBytes + EPB_TAIL_BYTES;
  const { bytes, view, filled: start, fileOffset } = file.room(total);
  view.setUint32(start, BlockType.enhancedPacket, true);
  view.setUint32(start + 4, total, true);
  view.setUint32(start + 8, 0, true);
  writeTime(view, start + 12, at);
  view.setUint32(start + 20, captured, true);
  view.setUint32(start + 24, captured, true);
  let position = start + EPB_HEADER_BYTES;
  bytes.set(header, position);
  position += header.length;
  const payloadOffset = fileOffset + position;
  bytes.set(payload, position);
  position += payload.length;
  position = clear(bytes, position, pad);
  if (comment) {
    view.setUint16(position, Option.comment, true);
    view.setUint16(position + 2, comment.length, true);
    bytes.set(comment, position + 4);
    position = clear(bytes, position + 4 + comment.length, padding(comment.length));
  }
  view.setUint32(position, Option.packetFlags | (4 << 16), true);
  // Low two bits: 01 inbound, 10 outbound.
  view.setUint32(position + 4, direction === 0 ? 0 : 3 - direction, true);
  view.setUint32(position + 8, Option.end, true);
  view.setUint32(position + 12, total, true);
  file.added(total);
  return payloadOffset;
}

/** Buffers are used again, so what is skipped must be zeroed. */
function clear(bytes: Uint8Array, position: number, length: number): number {
  for (let i = 0; i < length; i++) bytes[position + i] = 0;
  return position + length;
}
