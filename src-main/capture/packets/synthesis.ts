// IP and TCP or UDP headers for bytes that never were in a packet here: what makes a live capture a file that every
// packet analyser reads. Checksums stay zero where that is allowed; sequence numbers are continuous.
import { Direction } from '../../core/record.ts';
import type { ConnectionInfo } from '../../core/recorder.ts';
import { type Address, isV4, mapped, parseAddress } from '../address.ts';

/** Payload of one packet: keeps the IP length field in 16 bits. */
export const MAX_PAYLOAD_BYTES = 65_495;

/** IP protocol number for experiments (RFC 3692): carries what is no traffic, as events of the session. */
export const REMARK_PROTOCOL = 253;

const TCP_PROTOCOL = 6;
const UDP_PROTOCOL = 17;

/** TCP flag bits. */
export const Tcp = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** Ports whose traffic Wireshark takes for TLS: plaintext on them would be misread. */
const TLS_PORTS = new Set([
  324, 443, 465, 563, 636, 802, 853, 989, 990, 992, 993, 994, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3269, 3496,
  4433, 5061, 5349, 5671, 5684, 5868, 6514, 8443, 8883, 11207, 19999, 27017,
]);

/** The port a connection's server has in the file: decrypted bytes move away from ports that mean TLS. */
export function writtenPort(port: number, decrypted: boolean): number {
  return decrypted && TLS_PORTS.has(port) ? 80 : port;
}

/** The headers of one connection's packets. Each call answers the same array again: use it before the next call. */
export class SynthesizedConnection {
  readonly #tcp: boolean;
  readonly #ipBytes: number;
  readonly #headers: readonly [Uint8Array, Uint8Array];
  /** Next sequence number of client and server. */
  readonly #next: [number, number];

  /** `number` of the connection: tells connections between the same two ends apart by where their numbers begin. */
  constructor(info: ConnectionInfo, number: number) {
    const first = Math.imul(number, 0x9e3779b1) >>> 0;
    this.#next = [first, first];
    const client = parseAddress(info.client.address);
    const server = parseAddress(info.server.address);
    const v4 = isV4(client) && isV4(server);
    this.#tcp = info.transport === 'tcp';
    this.#ipBytes = v4 ? 20 : 40;
    const clientEnd = { address: v4 ? client : mapped(client), port: info.client.port };
    const serverEnd = { address: v4 ? server : mapped(server), port: writtenPort(info.server.port, info.decrypted) };
    this.#headers = [this.#header(clientEnd, serverEnd), this.#header(serverEnd, clientEnd)];
  }

  /** The header of a TCP packet with these flags and that much payload. */
  tcp(direction: Direction, flags: number, payloadBytes: number): Uint8Array {
    const from = direction === Direction.clientToServer ? 0 : 1;
    const header = this.#headers[from]!;
    const at = this.#ipBytes;
    this.#setLength(header, 20 + payloadBytes);
    put32(header, at + 4, this.#next[from]!);
    put32(header, at + 8, (flags & Tcp.ack) === 0 ? 0 : this.#next[1 - from]!);
    header[at + 13] = flags;
    const consumed = payloadBytes + ((flags & (Tcp.syn | Tcp.fin)) === 0 ? 0 : 1);
    this.#next[from] = (this.#next[from]! + consumed) >>> 0;
    return header;
  }

  /** The header of a UDP packet with that payload. */
  udp(direction: Direction, payload: Uint8Array): Uint8Array {
    const header = this.#headers[direction === Direction.clientToServer ? 0 : 1]!;
    const length = 8 + payload.length;
    this.#setLength(header, length);
    put16(header, this.#ipBytes + 4, length);
    if (this.#ipBytes === 40) put16(header, 46, udpChecksum(header, payload));
    return header;
  }

  #setLength(header: Uint8Array, transportBytes: number): void {
    if (this.#ipBytes === 20) put16(header, 2, 20 + transportBytes);
    else put16(header, 4, transportBytes);
  }

  #header(from: { address: Address; port: number }, to: { address: Address; port: number }): Uint8Array {
    const transport = this.#ipBytes;
    const header = new Uint8Array(transport + (this.#tcp ? 20 : 8));
    ipHeader(header, from.address, to.address, this.#tcp ? TCP_PROTOCOL : UDP_PROTOCOL);
    put16(header, transport, from.port);
    put16(header, transport + 2, to.port);
    if (this.#tcp) {
      header[transport + 12] = 0x50;
      put16(header, transport + 14, 0xffff);
    }
    return header;
  }
}

/** A packet without payload that belongs to no connection: its comment is what it is for. */
export function remarkPacket(): Uint8Array {
  const packet = new Uint8Array(20);
  const loopback = parseAddress('127.0.0.1');
  ipHeader(packet, loopback, loopback, REMARK_PROTOCOL);
  put16(packet, 2, packet.length);
  return packet;
}

/** RFC 768 over the pseudo header of RFC 8200 §8.1; IPv6 has no "no checksum", and 0 stands for 0xffff. */
function udpChecksum(header: Uint8Array, payload: Uint8Array): number {
  let sum = UDP_PROTOCOL + 8 + payload.length;
  // Addresses, ports and length; the old checksum behind them is left out.
  for (let i = 8; i < 46; i += 2) sum += (header[i]! << 8) | header[i + 1]!;
  for (let i = 0; i + 1 < payload.length; i += 2) sum += (payload[i]! << 8) | payload[i + 1]!;
  if (payload.length % 2 === 1) sum += payload[payload.length - 1]! << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff || 0xffff;
}

function ipHeader(header: Uint8Array, from: Address, to: Address, protocol: number): void {
  if (isV4(from)) {
    header[0] = 0x45;
    header[6] = 0x40;
    header[8] = 64;
    header[9] = protocol;
    header.set(from, 12);
    header.set(to, 16);
  } else {
    header[0] = 0x60;
    header[6] = protocol;
    header[7] = 64;
    header.set(from, 8);
    header.set(to, 24);
  }
}

function put16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

function put32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}
