// Reads the classic pcap format: both byte orders, micro- and nanoseconds.
import { type Damage, emptyPacket, MAX_UNIT_BYTES, type PacketReader, type PacketSink } from './packet-reader.ts';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const MICROSECONDS_MAGIC = 0xa1b2c3d4;
const NANOSECONDS_MAGIC = 0xa1b23c4d;

/** What the first four bytes of a classic capture file tell, or undefined if it is none. */
export function pcapFormat(bytes: Uint8Array): { littleEndian: boolean; nanoseconds: boolean } | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === MICROSECONDS_MAGIC || magic === NANOSECONDS_MAGIC) {
      return { littleEndian, nanoseconds: magic === NANOSECONDS_MAGIC };
    }
  }
  return undefined;
}

export class PcapReader implements PacketReader {
  neededBytes = FILE_HEADER_BYTES;
  readonly skipBytes = 0;
  damage: Damage | undefined;
  readonly #sink: PacketSink;
  readonly #packet = emptyPacket();
  readonly #littleEndian: boolean;
  readonly #fractionMicroseconds: number;
  #hasHeader = false;

  constructor(format: { littleEndian: boolean; nanoseconds: boolean }, sink: PacketSink) {
    this.#sink = sink;
    this.#littleEndian = format.littleEndian;
    this.#fractionMicroseconds = format.nanoseconds ? 1000 : 1;
  }

  read(bytes: Uint8Array, from: number, to: number, fileOffset: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const little = this.#littleEndian;
    const packet = this.#packet;
    let at = from;
    if (!this.#hasHeader) {
      if (to - at < FILE_HEADER_BYTES) return at;
      // The upper bits hold the length of a frame check sequence.
      packet.linkType = view.getUint32(at + 20, little) & 0xffff;
      this.#hasHeader = true;
      at += FILE_HEADER_BYTES;
    }
    this.neededBytes = RECORD_HEADER_BYTES;
    while (to - at >= RECORD_HEADER_BYTES) {
      const captured = view.getUint32(at + 8, little);
      if (captured > MAX_UNIT_BYTES) {
        this.damage = { fileOffset: fileOffset - from + at, text: `a packet claims ${captured} bytes` };
        break;
      }
      const start = at + RECORD_HEADER_BYTES;
      if (captured > to - start) {
        this.neededBytes = RECORD_HEADER_BYTES + captured;
        break;
      }
      packet.at = view.getUint32(at, little) * 1e6 + view.getUint32(at + 4, little) / this.#fractionMicroseconds;
      packet.originalBytes = view.getUint32(at + 12, little);
      packet.bytes = bytes;
      packet.start = start;
      packet.end = start + captured;
      packet.fileOffset = fileOffset - from + start;
      this.#sink.packet(packet);
      at = start + captured;
    }
    return at;
  }
}
