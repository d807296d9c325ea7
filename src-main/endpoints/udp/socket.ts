// A bound UDP socket with the options of the config: address family, broadcast, multicast. Sends datagrams and says in
// words why one could not be sent. What the system drops because nobody read it in time cannot be seen from here: UDP
// tells neither side.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import type { Peer } from '../../core/recorder.ts';
import type { UdpConfig } from '../../core/session-config.ts';
import { formatAddress } from '../address.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { plainAddress } from '../plain-address.ts';
import { endpointError } from '../problems.ts';

/** What the system is asked for, so that bursts survive until we read; it may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export interface UdpOptions {
  family: 4 | 6;
  /** Address and port to bind; '' and 0 leave it to the system. */
  bind: { host: string; port: number };
  config: UdpConfig | undefined;
  host: EndpointHost;
  onDatagram(bytes: Buffer, from: RemoteInfo): void;
  /** A failure that does not end the socket, such as an ICMP answer to an earlier datagram. */
  onError(error: Error): void;
}

export class UdpSocket {
  readonly #socket: Socket;
  readonly #family: 4 | 6;
  #connected = false;

  private constructor(socket: Socket, family: 4 | 6) {
    this.#socket = socket;
    this.#family = family;
  }

  /** Binds and joins groups. Rejects with an EndpointError; then nothing is left open. */
  static async open(options: UdpOptions): Promise<UdpSocket> {
    const { family, bind, config = {}, host } = options;
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      recvBufferSize: RECEIVE_BUFFER_BYTES,
      // Several programs may listen to the same group.
      reuseAddr: (config.multicast ?? []).length > 0,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind({ port: bind.port, ...(bind.host === '' ? {} : { address: bind.host }) }, () => {
          socket.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      socket.close();
      throw endpointError(error, { step: 'listen', address: formatAddress(bind.host || '*', bind.port) });
    }
    try {
      applyOptions(socket, config, host);
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('message', options.onDatagram);
    socket.on('error', options.onError);
    return new UdpSocket(socket, family);
  }

  get local(): Peer {
    const { address, port } = this.#socket.address();
    return { address: plainAddress(address), port };
  }

  /** From now on only datagrams of this peer are received, and its ICMP refusals are told. */
  connect(peer: Peer): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(endpointError(error, { step: 'connect', address: formatAddress(peer.address, peer.port) }));
      socket.connect(peer.port, peer.address, ((error?: Error) => {
        if (error) return fail(error);
        this.#connected = true;
        resolve();
      }) as () => void);
    });
  }

  /** Sends one datagram. Resolves when the system has taken it; rejects with an EndpointError. */
  send(bytes: Uint8Array, to: Peer): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = (error: Error | null) => (error ? reject(sendError(error, bytes.length, to)) : resolve());
      if (this.#connected) this.#socket.send(bytes, sent);
      else this.#socket.send(bytes, to.port, this.#reachable(to.address), sent);
    });
  }

  /** An IPv6 socket reaches IPv4 peers under their mapped addresses (RFC 4291 §2.5.5.2). */
  #reachable(address: string): string {
    return this.#family === 6 && isIPv4(address) ? `::ffff:${address}` : address;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

function applyOptions(socket: Socket, config: UdpConfig, host: EndpointHost): void {
  if (config.broadcast) socket.setBroadcast(true);
  if (config.multicastTtl !== undefined) socket.setMulticastTTL(config.multicastTtl);
  if (config.multicastLoopback !== undefined) socket.setMulticastLoopback(config.multicastLoopback);
  const at = config.multicastInterface;
  if (at !== undefined) {
    explain(() => socket.setMulticastInterface(at), `${at} cannot be used as the interface for multicast.`);
  }
  for (const group of config.multicast ?? []) {
    explain(() => socket.addMembership(group, at), `The group ${group} cannot be joined${at ? ` on ${at}` : ''}.`);
    host.recorder.event(
      { type: 'info', severity: 'info', text: `Joined the multicast group ${group}${at ? ` on ${at}` : ''}` },
      host.recorder.now(),
    );
  }
}

function explain(apply: () => void, what: string): void {
  try {
    apply();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new EndpointError(
      {
        what,
        why: 'A group is an address from 224.0.0.0 to 239.255.255.255, or one beginning with ff; an interface is named by its address (IPv6: ::%eth0). Both must be of the family that is listened on.',
        next: 'Check group and interface, and listen on an address of their family.',
        ...(code === undefined ? {} : { code }),
        details: message,
      },
      { cause: error },
    );
  }
}

function sendError(error: Error, sizeBytes: number, to: Peer): EndpointError {
  const address = formatAddress(to.address, to.port);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EMSGSIZE') {
    return new EndpointError(
      {
        what: `${sizeBytes} bytes are too many for one datagram to ${address}.`,
        why: isIPv6(to.address)
          ? 'Over IPv6 a datagram carries at most 65,527 bytes.'
          : 'Over IPv4 a datagram carries at most 65,507 bytes, and some networks allow less.',
        next: 'Send it in several datagrams.',
        code,
        details: error.message,
      },
      { cause: error },
    );
  }
  if (code === 'EACCES') {
    return new EndpointError(
      {
        what: `The system forbids sending to ${address}.`,
        why: 'It is a broadcast address, or a firewall stands in the way.',
        next: 'For a broadcast address turn broadcast on in the settings.',
        code,
        details: error.message,
      },
      { cause: error },
    );
  }
  return endpointError(error, { step: 'send', address });
}

/** RFC 5771, RFC 4291 §2.7. */
export function isMulticast(address: string): boolean {
  if (isIPv6(address)) return /^ff/i.test(address);
  const first = Number.parseInt(address, 10);
  return isIPv4(address) && first >= 224 && first <= 239;
}
