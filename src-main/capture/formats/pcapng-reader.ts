// Reads pcapng: sections of either byte order, any interfaces, the three kinds of packet blocks. Other blocks are stepped
// over by their length. Hostile lengths stop the reading at a named offset; nothing here throws.

import { type Damage, emptyPacket, MAX_UNIT_BYTES, type PacketReader, type PacketSink } from './packet-reader.ts';
import { BlockType, BYTE_ORDER_MAGIC, nanosecondTime, Option, SECRETS_TLS_KEY_LOG } from './pcapng-blocks.ts';

const BLOCK_HEADER_BYTES = 12;
const TWO_32 = 4_294_967_296;
const MAX_INTERFACES = 1_000_000;
const COMMENT_DECODER = new TextDecoder();

interface Interface {
  linkType: number;
  snapBytes: number;
  /** Microseconds of one tick. */
  tickMicroseconds: number;
  nanoseconds: boolean;
  /** Added to every time. */
  offsetMicroseconds: number;
}

export class PcapngReader implements PacketReader {
  neededBytes = BLOCK_HEADER_BYTES;
  skipBytes = 0;
  damage: Damage | undefined;
  /** What wrote the section, or ''. */
  application = '';
  readonly #sink: PacketSink;
  readonly #packet = emptyPacket();
  #littleEndian = true;
  #interfaces: Interface[] = [];
  #lastAt = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  read(bytes: Uint8Array, from: number, to: number, fileOffset: number): number {
    if (bytes.buffer !== this.#bytes.buffer || bytes.byteOffset !== this.#bytes.byteOffset) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#bytes = bytes;
    const base = fileOffset - from;
    let at = from;
    this.skipBytes = 0;
    this.neededBytes = BLOCK_HEADER_BYTES;
    while (to - at >= BLOCK_HEADER_BYTES) {
      const length = this.#blockLength(at, base + at);
      if (this.damage) break;
      if (length > to - at) {
        if (length > MAX_UNIT_BYTES) this.#skipBig(at, base + at, length);
        else this.neededBytes = length;
        break;
      }
      if (this.#view.getUint32(at + length - 4, this.#littleEndian) !== length) {
        this.#damaged(base + at, 'the two lengths of a block differ');
        break;
      }
      this.#block(at, at + length, base);
      if (this.damage) break;
      at += length;
    }
    return at;
  }

  /** The block's length; a section header also tells the byte order of what follows. */
  #blockLength(at: number, fileOffset: number): number {
    if (this.#view.getUint32(at, true) === BlockType.section) {
      const magic = this.#view.getUint32(at + 8, true);
      const swapped = this.#view.getUint32(at + 8, false);
      if (magic !== BYTE_ORDER_MAGIC && swapped !== BYTE_ORDER_MAGIC) {
        this.#damaged(fileOffset, 'a section has no byte-order mark');
        return 0;
      }
      this.#littleEndian = magic === BYTE_ORDER_MAGIC;
    }
    const length = this.#view.getUint32(at + 4, this.#littleEndian);
    if (length < BLOCK_HEADER_BYTES || length % 4 !== 0)
      this.#damaged(fileOffset, `a block claims a length of ${length}`);
    return length;
  }

  #block(at: number, end: number, base: number): void {
    const body = at + 8;
    const bodyEnd = end - 4;
    switch (this.#view.getUint32(at, this.#littleEndian)) {
      case BlockType.enhancedPacket:
        if (bodyEnd - body < 20) this.#short(base + at);
        else this.#enhancedPacket(body, bodyEnd, base);
        return;
      case BlockType.packet:
        if (bodyEnd - body < 20) this.#short(base + at);
        else this.#obsoletePacket(body, bodyEnd, base);
        return;
      case BlockType.simplePacket:
        if (bodyEnd - body < 4) this.#short(base + at);
        else this.#simplePacket(body, bodyEnd, base);
        return;
      case BlockType.interface:
        if (bodyEnd - body < 8) this.#short(base + at);
        else this.#interface(body, bodyEnd, base + at);
        return;
      case BlockType.decryptionSecrets:
        if (bodyEnd - body < 8) this.#short(base + at);
        else this.#secrets(body, bodyEnd, base + at);
        return;
      case BlockType.section:
        if (bodyEnd - body < 16) this.#damaged(base + at, 'a section header is too short');
        else this.#section(body, bodyEnd, base + at);
    }
  }

  #section(body: number, bodyEnd: number, fileOffset: number): void {
    const major = this.#view.getUint16(body + 4, this.#littleEndian);
    if (major !== 1) {
      this.#damaged(fileOffset, `the format's version ${major} is not known`);
      return;
    }
    this.#interfaces = [];
    this.application = '';
    this.#options(body + 16, bodyEnd, (code, start, length) => {
      if (code === Option.sectionApplication) this.application = this.#text(start, length);
    });
  }

  #interface(body: number, bodyEnd: number, fileOffset: number): void {
    if (this.#interfaces.length >= MAX_INTERFACES) {
      this.#sink.skipped('interfaces', fileOffset, 'The file describes more than a million interfaces.');
      return;
    }
    const description: Interface = {
      linkType: this.#view.getUint16(body, this.#littleEndian),
      snapBytes: this.#view.getUint32(body + 4, this.#littleEndian),
      tickMicroseconds: 1,
      nanoseconds: false,
      offsetMicroseconds: 0,
    };
    this.#options(body + 8, bodyEnd, (code, start, length) => {
      if (code === Option.interfaceResolution && length >= 1) {
        const resolution = this.#bytes[start]!;
        const exponent = resolution & 0x7f;
        description.tickMicroseconds = (resolution & 0x80 ? 2 ** -exponent : 10 ** -exponent) * 1e6;
        description.nanoseconds = resolution === 9;
      } else if (code === Option.interfaceOffset && length >= 8) {
        description.offsetMicroseconds = Number(this.#view.getBigInt64(start, this.#littleEndian)) * 1e6;
      }
    });
    this.#interfaces.push(description);
  }

  #secrets(body: number, bodyEnd: number, fileOffset: number): void {
    if (this.#view.getUint32(body, this.#littleEndian) !== SECRETS_TLS_KEY_LOG) return;
    const length = this.#view.getUint32(body + 4, this.#littleEndian);
    const start = body + 8;
    if (length > bodyEnd - start) {
      this.#sink.skipped('secrets', fileOffset, `Secrets claim ${length} bytes, more than their block holds.`);
    }
    this.#sink.secrets(this.#bytes.subarray(start, Math.min(bodyEnd, start + length)));
  }

  #enhancedPacket(body: number, bodyEnd: number, base: number): void {
    this.#timedPacket(this.#view.getUint32(body, this.#littleEndian), body + 4, bodyEnd, base);
  }

  #obsoletePacket(body: number, bodyEnd: number, base: number): void {
    this.#timedPacket(this.#view.getUint16(body, this.#littleEndian), body + 4, bodyEnd, base);
  }

  /** @param timeAt where its time stands, and after that its lengths and its bytes */
  #timedPacket(number: number, timeAt: number, bodyEnd: number, base: number): void {
    const view = this.#view;
    const little = this.#littleEndian;
    const captured = view.getUint32(timeAt + 8, little);
    const start = timeAt + 16;
    const from = this.#interfaces[number];
    if (!from) {
      this.#sink.skipped(
        'interface',
        base + start,
        `A packet names interface ${number}, which the file does not describe.`,
      );
      return;
    }
    if (captured > bodyEnd - start) {
      this.#sink.skipped('length', base + start, `A packet claims ${captured} bytes, more than its block holds.`);
      return;
    }
    const packet = this.#packet;
    const high = view.getUint32(timeAt, little);
    packet.at = this.#timeOf(from, high, view.getUint32(timeAt + 4, little), base + start);
    packet.originalBytes = view.getUint32(timeAt + 12, little);
    packet.comment = this.#comment(start + captured + (-captured & 3), bodyEnd);
    this.#deliver(from, start, start + captured, base);
  }

  /** A simple packet has no time and always belongs to the first interface. */
  #simplePacket(body: number, bodyEnd: number, base: number): void {
    const from = this.#interfaces[0];
    const start = body + 4;
    if (!from) {
      this.#sink.skipped('interface', base + start, 'A packet comes before any interface.');
      return;
    }
    const packet = this.#packet;
    const original = this.#view.getUint32(body, this.#littleEndian);
    const captured = Math.min(original, from.snapBytes || original, bodyEnd - start);
    packet.at = this.#lastAt;
    packet.originalBytes = original;
    packet.comment = '';
    this.#deliver(from, start, start + captured, base);
  }

  #timeOf(from: Interface, high: number, low: number, fileOffset: number): number {
    const time = from.nanoseconds ? nanosecondTime(high, low) : (high * TWO_32 + low) * from.tickMicroseconds;
    const at = time + from.offsetMicroseconds;
    if (at >= 0 && at <= Number.MAX_SAFE_INTEGER) return at;
    const text = 'A packet claims a time before 1970 or after 2255: the time of the packet before it is shown.';
    this.#sink.skipped('times', fileOffset, text);
    return this.#lastAt;
  }

  #deliver(from: Interface, start: number, end: number, base: number): void {
    const packet = this.#packet;
    this.#lastAt = packet.at;
    packet.linkType = from.linkType;
    packet.bytes = this.#bytes;
    packet.start = start;
    packet.end = end;
    packet.fileOffset = base + start;
    this.#sink.packet(packet);
  }

  #comment(start: number, end: number): string {
    for (let at = start; at + 4 <= end; ) {
      const code = this.#view.getUint16(at, this.#littleEndian);
      const length = this.#view.getUint16(at + 2, this.#littleEndian);
      if (code === Option.end || at + 4 + length > end) break;
      if (code === Option.comment) return this.#text(at + 4, length);
      at += 4 + length + (-length & 3);
    }
    return '';
  }

  #options(start: number, end: number, onOption: (code: number, start: number, length: number) => void): void {
    for (let at = start; at + 4 <= end; ) {
      const code = this.#view.getUint16(at, this.#littleEndian);
      const length = this.#view.getUint16(at + 2, this.#littleEndian);
      if (code === Option.end || at + 4 + length > end) return;
      onOption(code, at + 4, length);
      at += 4 + length + (-length & 3);
    }
  }

  #text(start: number, length: number): string {
    return COMMENT_DECODER.decode(this.#bytes.subarray(start, start + length));
  }

  #skipBig(at: number, fileOffset: number, length: number): void {
    const type = this.#view.getUint32(at, this.#littleEndian);
    if (type === BlockType.section || type === BlockType.interface) {
      this.#damaged(fileOffset, `a header block claims ${length} bytes`);
      return;
    }
    if (type === BlockType.enhancedPacket || type === BlockType.packet || type === BlockType.simplePacket) {
      this.#sink.skipped('size', fileOffset, `A packet's block claims ${length} bytes.`);
    }
    if (type === BlockType.decryptionSecrets) {
      this.#sink.skipped('secrets', fileOffset, `A block of decryption secrets claims ${length} bytes.`);
    }
    this.skipBytes = length;
  }

  #short(fileOffset: number): void {
    this.#sink.skipped('short', fileOffset, 'A block is too short for what it should hold.');
  }

  #damaged(fileOffset: number, text: string): void {
    this.damage = { fileOffset, text };
  }
}
