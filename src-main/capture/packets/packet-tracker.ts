// Takes the packets of a capture file one by one: finds IP, puts fragments together, and gives each payload to its
// conversation. Remarks of our own recordings bring back how a connection was opened, and events.
import { uint32 } from '../../core/dissect/bytes.ts';
import type { LifecycleEvent } from '../../core/event.ts';
import type { DissectAs } from '../../core/protocol.ts';
import type { ConnectionInfo } from '../../core/recorder.ts';
import { isV4, mapped, parseAddress } from '../address.ts';
import type { CapturedPacket, PacketSink } from '../formats/packet-reader.ts';
import type { CaptureIndex, IndexedConnection } from '../index/capture-index.ts';
import {
  type ClosedTcp,
  type ConversationHost,
  TcpConversation,
  type TransportPayload,
  UdpConversation,
} from './conversation.ts';
import { type Flow, FlowTable } from './flow-table.ts';
import { emptyIpPacket, type IpPacket, readIp } from './ip.ts';
import { IpFragments, type Place, placesWithin } from './ip-fragments.ts';
import { findIp, isKnownLinkType } from './link-layer.ts';
import { OpenFlows } from './open-flows.ts';
import { decodeRemark, type Remark } from './remark.ts';
import { REMARK_PROTOCOL, Tcp, writtenPort } from './synthesis.ts';

const TCP = 6;
const UDP = 17;
/** Beyond that, new conversations are counted but not followed: each costs a little memory until the end. */
const MAX_CONVERSATIONS = 1_000_000;

type TcpFlow = Flow<TcpConversation | ClosedTcp>;
type UdpFlow = Flow<UdpConversation>;

export class PacketTracker implements PacketSink {
  readonly #host: ConversationHost;
  readonly #tcpFlows = new FlowTable<TcpConversation | ClosedTcp>();
  readonly #udpFlows = new FlowTable<UdpConversation>();
  readonly #open: OpenFlows<TcpFlow | UdpFlow>;
  #opened = 0;
  #packets = 0;
  readonly #fragments = new IpFragments();
  readonly #ip: IpPacket = emptyIpPacket();
  /** Number of a connection in the remarks of the file → the connection here. */
  readonly #recorded = new Map<number, IndexedConnection>();
  readonly #skipped = new Map<string, number>();
  #lastAt = 0;

  constructor(index: CaptureIndex, decodeAs: ReadonlyMap<number, DissectAs>, maxOpen?: number) {
    this.#host = { index, decodeAs, held: { total: 0 } };
    this.#open = new OpenFlows((flow) => this.#endSilent(flow), maxOpen);
  }

  /** Time of the last packet. */
  get lastAt(): number {
    return this.#lastAt;
  }

  packet(packet: CapturedPacket): void {
    this.#lastAt = packet.at;
    this.#packets++;
    const remark = packet.comment === '' ? undefined : decodeRemark(packet.comment);
    const { bytes, start, end } = packet;
    const ipAt = findIp(packet.linkType, bytes, start, end);
    if (ipAt < 0) {
      if (!isKnownLinkType(packet.linkType)) {
        const text = `Packets of link type ${packet.linkType} cannot be looked into.`;
        this.skipped(`link type ${packet.linkType}`, packet.fileOffset, text);
      }
    } else if (readIp(bytes, ipAt, end, this.#ip)) {
      this.#transport(packet, remark);
    }
    if (remark) this.#remember(remark, packet.at);
  }

  /** Says the first of each kind on the timeline, and counts the rest. */
  skipped(kind: string, fileOffset: number, text: string): void {
    this.#tellFirst(kind, text, { 'file offset': fileOffset });
  }

  secrets(keyLog: Uint8Array): void {
    this.#host.index.keyLog.add(keyLog);
  }

  /** The file has ended: so have all conversations. */
  end(): void {
    const at = this.#lastAt;
    for (const { conversation } of this.#open.takeAll()) conversation?.end(at);
    this.#fragments.end();
    if (this.#fragments.incomplete > 0)
      this.#warn(`Fragments of ${this.#fragments.incomplete} IP datagrams are missing.`);
    for (const [kind, count] of this.#skipped) {
      if (count > 1) this.#warn(`${count} times in this file, shown once: ${kind}.`);
    }
  }

  #tellFirst(kind: string, text: string, fields: LifecycleEvent['fields'] = {}): void {
    const count = this.#skipped.get(kind) ?? 0;
    this.#skipped.set(kind, count + 1);
    if (count > 0) return;
    this.#host.index.event(0, { type: 'limit', severity: 'warning', text, fields }, this.#lastAt);
  }

  #warn(text: string): void {
    this.#host.index.event(0, { type: 'limit', severity: 'warning', text }, this.#lastAt);
  }

  #transport(packet: CapturedPacket, remark: Remark | undefined): void {
    const ip = this.#ip;
    if (ip.protocol === REMARK_PROTOCOL && remark) return;
    if (ip.cutBytes > 0) {
      this.skipped(
        'packets captured cut',
        packet.fileOffset,
        'Packets were captured cut (snapshot length): bytes are missing.',
      );
    }
    const { bytes, at } = packet;
    const fileOffset = packet.fileOffset + ip.payloadStart - packet.start;
    if (ip.fragmentOffset < 0) {
      this.#payload(bytes, ip.payloadStart, ip.payloadEnd, fileOffset, undefined, at, remark);
      return;
    }
    const datagram = this.#fragments.add(bytes, ip, fileOffset);
    if (!datagram) return;
    // The addresses stay where they are: before the payload, in one array.
    const whole = new Uint8Array(2 * ip.addressBytes + datagram.bytes.length);
    whole.set(bytes.subarray(ip.sourceAt, ip.sourceAt + ip.addressBytes));
    whole.set(bytes.subarray(ip.destinationAt, ip.destinationAt + ip.addressBytes), ip.addressBytes);
    whole.set(datagram.bytes, 2 * ip.addressBytes);
    ip.sourceAt = 0;
    ip.destinationAt = ip.addressBytes;
    this.#payload(whole, 2 * ip.addressBytes, whole.length, 0, datagram.places, at, remark);
  }

  /** bytes[start…end) is the payload of an IP packet. */
  #payload(
    bytes: Uint8Array,
    start: number,
    end: number,
    fileOffset: number,
    places: readonly Place[] | undefined,
    at: number,
    remark: Remark | undefined,
  ): void {
    if (this.#ip.protocol === TCP) this.#tcp(bytes, start, end, fileOffset, places, at, remark);
    else if (this.#ip.protocol === UDP) this.#udp(bytes, start, end, fileOffset, places, at);
  }

  #tcp(
    bytes: Uint8Array,
    start: number,
    end: number,
    fileOffset: number,
    places: readonly Place[] | undefined,
    at: number,
    remark: Remark | undefined,
  ): void {
    if (end - start < 20) return;
    const headerBytes = (bytes[start + 12]! >> 4) * 4;
    if (headerBytes < 20 || headerBytes > end - start) return;
    const flags = bytes[start + 13]!;
    const sequence = uint32(bytes, start + 4);
    const length = end - start - headerBytes;
    const flows = this.#tcpFlows;
    const { addressBytes, sourceAt, destinationAt } = this.#ip;
    let flow = flows.find(bytes, addressBytes, sourceAt, destinationAt, start);
    const { fromFirst } = flows;
    let conversation = flow?.conversation;
    if (!flow || !conversation || conversation.isSuccessor(fromFirst, flags, sequence, length)) {
      conversation?.end(at);
      // A reset or the last acknowledgement of something unseen is no conversation.
      const isIdle = length === 0 && (flags & (Tcp.syn | Tcp.fin)) === 0;
      if (isIdle && ((flags & Tcp.rst) !== 0 || flow)) return;
      if (!this.#mayOpen()) return;
      const recorded = remark && 'opened' in remark && remark.opened.transport === 'tcp' ? remark.opened : undefined;
      flow ??= flows.add(bytes, addressBytes, sourceAt, destinationAt, start);
      conversation = new TcpConversation(this.#host, flows.ends(flow), fromFirst, flags, recorded);
      flow.conversation = conversation;
      this.#opens(flow);
      if (recorded && remark) this.#recorded.set(remark.connection, conversation.connection);
    }
    if (!(conversation instanceof TcpConversation)) return;
    flow.lastPacket = this.#packets;
    conversation.packet(fromFirst, flags, sequence, uint32(bytes, start + 8), {
      bytes: bytes.subarray(start + headerBytes, end),
      fileOffset: fileOffset + headerBytes,
      places: places && placesWithin(places, headerBytes, Infinity),
      at,
    });
    if (conversation.ended) flow.conversation = conversation.closed();
  }

  #udp(
    bytes: Uint8Array,
    start: number,
    end: number,
    fileOffset: number,
    places: readonly Place[] | undefined,
    at: number,
  ): void {
    if (end - start < 8) return;
    const flows = this.#udpFlows;
    const { addressBytes, sourceAt, destinationAt } = this.#ip;
    let flow = flows.find(bytes, addressBytes, sourceAt, destinationAt, start);
    const { fromFirst } = flows;
    let conversation = flow?.conversation;
    if (!flow || !conversation || conversation.ended) {
      if (!this.#mayOpen()) return;
      flow ??= flows.add(bytes, addressBytes, sourceAt, destinationAt, start);
      conversation = new UdpConversation(this.#host, flows.ends(flow), fromFirst);
      flow.conversation = conversation;
      this.#opens(flow);
    }
    flow.lastPacket = this.#packets;
    // Shorter than the packet where it was padded; 0 in a jumbogram.
    const claimed = (bytes[start + 4]! << 8) | bytes[start + 5]!;
    const payload: TransportPayload = {
      bytes: bytes.subarray(start + 8, claimed < 8 ? end : Math.min(end, start + claimed)),
      fileOffset: fileOffset + 8,
      places: places && placesWithin(places, 8, Infinity),
      at,
    };
    conversation.datagram(fromFirst, payload);
  }

  #remember(remark: Remark, at: number): void {
    if ('event' in remark) {
      const connection = this.#recorded.get(remark.connection);
      if (connection) connection.event(remark.event, at);
      else this.#host.index.event(0, remark.event, at);
    } else if ('closed' in remark) {
      this.#recorded.get(remark.connection)?.endBoth(at);
    } else if (remark.opened.transport === 'udp') {
      this.#openUdp(remark.connection, remark.opened, at);
    }
  }

  /** UDP has no packet that opens a conversation, so the remark does. */
  #openUdp(number: number, info: ConnectionInfo, at: number): void {
    if (!this.#mayOpen()) return;
    const client = parseAddress(info.client.address);
    const server = parseAddress(info.server.address);
    const v4 = isV4(client) && isV4(server);
    const ends = new Uint8Array([
      ...(v4 ? client : mapped(client)),
      ...(v4 ? server : mapped(server)),
      ...portBytes(info.client.port),
      ...portBytes(writtenPort(info.server.port, info.decrypted)),
    ]);
    const addressBytes = v4 ? 4 : 16;
    const flows = this.#udpFlows;
    const flow =
      flows.find(ends, addressBytes, 0, addressBytes, 2 * addressBytes) ??
      flows.add(ends, addressBytes, 0, addressBytes, 2 * addressBytes);
    flow.conversation?.end(at);
    const conversation = new UdpConversation(this.#host, flows.ends(flow), flows.fromFirst, info);
    flow.conversation = conversation;
    this.#opens(flow);
    flow.lastPacket = this.#packets;
    this.#recorded.set(number, conversation.connection);
  }

  #mayOpen(): boolean {
    if (this.#opened < MAX_CONVERSATIONS) return true;
    this.#tellFirst('conversations', `Only the first ${MAX_CONVERSATIONS} conversations of this file are shown.`);
    return false;
  }

  /** It has a new conversation. */
  #opens(flow: TcpFlow | UdpFlow): void {
    this.#opened++;
    this.#open.add(flow);
  }

  #endSilent(flow: TcpFlow | UdpFlow): void {
    const { max } = this.#open;
    const text = `More than ${max} conversations are open at the same time: those that were silent longest are taken for ended.`;
    this.#tellFirst('conversations taken for ended', text);
    const { conversation } = flow;
    conversation?.end(this.#lastAt);
    flow.conversation = conversation instanceof TcpConversation ? conversation.closed() : undefined;
  }
}

function portBytes(port: number): [number, number] {
  return [port >>> 8, port & 0xff];
}
