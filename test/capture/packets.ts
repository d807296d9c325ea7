// Builds packets and capture files by hand for tests, in either byte order.

export interface TcpPacket {
  from?: string;
  to?: string;
  fromPort: number;
  toPort: number;
  seq: number;
  ack?: number;
  /** As `S`, `SA`, `PA`, `F`, `R`. */
  flags?: string;
  payload?: string | Uint8Array;
}

const FLAGS: { [letter: string]: number } = { F: 1, S: 2, R: 4, P: 8, A: 16 };

export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function tcp(packet: TcpPacket): Uint8Array {
  const { from = '10.0.0.1', to = '10.0.0.2', fromPort, toPort, seq, ack = 0, flags = 'A', payload = '' } = packet;
  const segment = concat(
    u16(fromPort),
    u16(toPort),
    u32(seq >>> 0),
    u32(ack >>> 0),
    [0x50, [...flags].reduce((bits, letter) => bits | FLAGS[letter]!, 0)],
    u16(65_535),
    u16(0),
    u16(0),
    bytesOf(payload),
  );
  return ipv4(6, segment, { from, to });
}

export function udp(
  from: string,
  fromPort: number,
  to: string,
  toPort: number,
  payload: string | Uint8Array,
): Uint8Array {
  return ipv4(17, udpSegment(fromPort, toPort, payload), { from, to });
}

export function udpSegment(fromPort: number, toPort: number, payload: string | Uint8Array): Uint8Array {
  const data = bytesOf(payload);
  return concat(u16(fromPort), u16(toPort), u16(8 + data.length), u16(0), data);
}

export interface Ipv4Options {
  from?: string;
  to?: string;
  id?: number;
  /** Bytes, a multiple of 8. */
  fragmentOffset?: number;
  more?: boolean;
}

export function ipv4(protocol: number, payload: Uint8Array, options: Ipv4Options = {}): Uint8Array {
  const { from = '10.0.0.1', to = '10.0.0.2', id = 1, fragmentOffset = 0, more = false } = options;
  return concat(
    [0x45, 0],
    u16(20 + payload.length),
    u16(id),
    u16(fragmentOffset / 8 + (more ? 0x2000 : 0)),
    [64, protocol, 0, 0],
    from.split('.').map(Number),
    to.split('.').map(Number),
    payload,
  );
}

/** IPv6 between ::1 and ::2; `headers`: extension headers that end with the transport's. */
export function ipv6(nextHeader: number, payload: Uint8Array): Uint8Array {
  const address = (last: number): number[] => [...new Array<number>(15).fill(0), last];
  return concat([0x60, 0, 0, 0], u16(payload.length), [nextHeader, 64], address(1), address(2), payload);
}

export function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return concat(new Uint8Array(12), u16(type), payload);
}

/** Numbers in a block's byte order. */
export function ordered(little: boolean): { u16: (value: number) => number[]; u32: (value: number) => number[] } {
  const order = (bytes: number[]): number[] => (little ? bytes.reverse() : bytes);
  return { u16: (value) => order(u16(value)), u32: (value) => order(u32(value)) };
}

export function block(type: number, body: Uint8Array | readonly number[], little = true): Uint8Array {
  const { u32 } = ordered(little);
  const padded = concat(body, new Uint8Array(-body.length & 3));
  const length = u32(padded.length + 12);
  return concat(u32(type), length, padded, length);
}

export function section(little = true): Uint8Array {
  const { u16, u32 } = ordered(little);
  return block(0x0a0d0d0a, concat(u32(0x1a2b3c4d), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)), little);
}

/** `resolution`: the byte of if_tsresol; absent: microseconds. */
export function interfaceBlock(linkType: number, resolution?: number, little = true): Uint8Array {
  const { u16, u32 } = ordered(little);
  const options = resolution === undefined ? [] : [...u16(9), ...u16(1), resolution, 0, 0, 0, ...u32(0)];
  return block(1, concat(u16(linkType), u16(0), u32(0), options), little);
}

export interface EnhancedPacket {
  interface?: number;
  /** Ticks. */
  time?: bigint;
  captured?: number;
  comment?: string;
  little?: boolean;
}

export function enhanced(packet: Uint8Array, options: EnhancedPacket = {}): Uint8Array {
  const { interface: number = 0, time = 0n, captured = packet.length, comment, little = true } = options;
  const { u16, u32 } = ordered(little);
  const pad = new Uint8Array(-packet.length & 3);
  const text = comment === undefined ? undefined : bytesOf(comment);
  const tail = text ? concat(u16(1), u16(text.length), text, new Uint8Array(-text.length & 3), u32(0)) : [];
  const times = [...u32(Number(time >> 32n)), ...u32(Number(time & 0xffffffffn))];
  return block(6, concat(u32(number), times, u32(captured), u32(packet.length), packet, pad, tail), little);
}

/** A little-endian pcapng file of raw IP packets, a millisecond apart. */
export function pcapng(packets: readonly Uint8Array[]): Uint8Array {
  const blocks = packets.map((packet, i) => enhanced(packet, { time: BigInt(1_700_000_000_000_000 + i * 1000) }));
  return concat(section(), interfaceBlock(101), ...blocks);
}

/** A classic capture file. */
export function pcap(
  linkType: number,
  packets: readonly Uint8Array[],
  { little = true, nanoseconds = false }: { little?: boolean; nanoseconds?: boolean } = {},
): Uint8Array {
  const { u16, u32 } = ordered(little);
  const header = concat(
    u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    u16(2),
    u16(4),
    u32(0),
    u32(0),
    u32(65_535),
    u32(linkType),
  );
  const records = packets.map((packet, i) =>
    concat(
      u32(1_700_000_000),
      u32((i + 1) * (nanoseconds ? 1_000_250 : 1000)),
      u32(packet.length),
      u32(packet.length),
      packet,
    ),
  );
  return concat(header, ...records);
}

export function u16(value: number): number[] {
  return [value >>> 8, value & 0xff];
}

export function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
