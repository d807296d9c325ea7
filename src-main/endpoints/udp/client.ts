// The UDP client. Towards one host its socket is connected: others are not heard, and refusals (ICMP) are told. Towards
// a broadcast or multicast address it is not, so that whoever answers is heard, each in a conversation of its own.
import type { RemoteInfo } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Direction } from '../../core/record.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { formatAddress, parseListen, parseTarget } from '../address.ts';
import {
  type ConnectionState,
  type ControlCommand,
  type Endpoint,
  EndpointError,
  type EndpointHost,
  type OpenEndpoint,
  type OutgoingMessage,
  type Recipients,
} from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { openOnce } from '../opening.ts';
import { plainAddress } from '../plain-address.ts';
import { cancelled, endpointError } from '../problems.ts';
import { countDelivered, recipientsOf } from '../recipients.ts';
import { unsupported } from '../unsupported.ts';
import { requireZone } from '../zone.ts';
import { type Conversation, Conversations } from './conversations.ts';
import { Intake } from './intake.ts';
import { isMulticast, UdpSocket } from './socket.ts';

/** A client for `udp://` targets. */
export const createUdpClient: OpenEndpoint = (config, host) => new UdpClient(config, host);

/** A socket with its conversations, as long as it is open. */
interface Line {
  socket: UdpSocket;
  conversations: Conversations;
  target: Conversation;
}

class UdpClient implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  #line: Line | undefined;
  /** Of the last line, for the list, after it was closed. */
  #conversations: Conversations | undefined;
  #abort = new AbortController();

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    return this.#conversations?.list.states ?? [];
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const address = this.#config.target ?? '';
    await openOnce(this.#host, signal, { step: 'connect', address }, () => this.#open(signal));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    const line = this.#line;
    if (!line) return;
    this.#line = undefined;
    this.#host.stateChanged({ phase: 'closing' });
    await line.socket.close();
    line.conversations.closeAll('Closed from here');
    this.#host.stateChanged({ phase: 'closed', text: 'Closed from here' });
  }

  /** To the target; to chosen connections, if some have answered a broadcast. */
  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const line = this.#requireLine();
    const receivers = to === 'all' ? [line.target] : recipientsOf(to, line.conversations.list, line.conversations.last);
    return countDelivered(receivers.map((receiver) => this.#send(line, receiver, message.bytes)));
  }

  async control(command: ControlCommand): Promise<void> {
    this.#requireLine();
    if (command.type !== 'close' && command.type !== 'kick') throw unsupported(command, 'UDP');
    await this.stop();
  }

  #requireLine(): Line {
    if (this.#line) return this.#line;
    throw new EndpointError({ what: 'There is no socket to send through.', why: '', next: 'Connect first.' });
  }

  async #open(signal: AbortSignal): Promise<void> {
    const host = this.#host;
    const { recorder } = host;
    const config = this.#config;
    const target = parseTarget(config.target ?? '', 'udp');
    const shown = formatAddress(target.host, target.port);
    recorder.event({ type: 'connecting', severity: 'info', text: `Preparing for udp://${shown}` }, recorder.now());
    host.stateChanged({ phase: 'connecting', step: `Resolving ${target.host}` });
    const address = await this.#resolve(target.host);
    if (signal.aborted) throw cancelled();
    host.stateChanged({ phase: 'connecting', step: `UDP ${formatAddress(address, target.port)}` });

    const peer = { address, port: target.port };
    const intake = new Intake(recorder, Direction.serverToClient);
    const oneHost = config.udp?.broadcast !== true && !isMulticast(address);
    // A target that is one host needs no look-up per datagram.
    const receive = (bytes: Buffer, from: RemoteInfo) => {
      const line = this.#line;
      if (!line) return;
      const sender = oneHost ? line.target : line.conversations.with(plainAddress(from.address), from.port);
      intake.record(sender.connection, bytes);
    };
    const socket = await UdpSocket.open({
      family: isIP(address) === 6 ? 6 : 4,
      bind: config.listen === undefined ? { host: '', port: 0 } : parseListen(config.listen),
      config: config.udp,
      host,
      onDatagram: receive,
      onError: (error) => this.#onError(error),
    });
    try {
      if (oneHost) await socket.connect(peer);
      if (signal.aborted) throw cancelled();
    } catch (error) {
      await socket.close();
      throw error;
    }
    const conversations = new Conversations({ host, side: 'client', local: socket.local });
    this.#conversations = conversations;
    this.#line = { socket, conversations, target: conversations.with(peer.address, peer.port) };
    host.stateChanged({ phase: 'open', address: shown, trust: { lock: 'none' } });
  }

  async #resolve(name: string): Promise<string> {
    requireZone(name);
    if (isIP(name) !== 0) return name;
    const { recorder } = this.#host;
    try {
      const { address } = await lookup(name);
      recorder.event({ type: 'resolved', severity: 'info', text: `${name} is ${address}` }, recorder.now());
      return address;
    } catch (error) {
      throw endpointError(error, { step: 'resolve', address: name });
    }
  }

  async #send(line: Line, receiver: Conversation, bytes: Uint8Array): Promise<void> {
    const { recorder } = this.#host;
    try {
      await line.socket.send(bytes, receiver.peer);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // The system hands over the refusal of an earlier datagram in place of sending this one.
      this.#tellRefusal(line);
      await line.socket.send(bytes, receiver.peer);
    }
    if (receiver.state.closedAt === undefined) {
      receiver.connection.chunk(Direction.clientToServer, bytes, recorder.now());
    }
    if (recorder.congested) await recorder.drained();
  }

  #onError(error: Error): void {
    const line = this.#line;
    if (!line) return;
    const failure = endpointError(error, { step: 'receive', address: line.target.state.peer });
    if (isRefusal(failure)) this.#tellRefusal(line);
    else line.target.connection.event(failedEvent(failure.problem), this.#host.recorder.now());
  }

  #tellRefusal({ target }: Line): void {
    const { peer } = target.state;
    target.connection.event(
      {
        type: 'failed',
        severity: 'warning',
        text: `Refused: nothing is listening on udp://${peer}`,
        problem: {
          what: `A datagram was refused: nothing is listening on udp://${peer}.`,
          why: 'The machine answered with ICMP “port unreachable”. A firewall would drop it without a word.',
          next: 'Start the server, or check the port. Sending is still possible.',
          code: 'ECONNREFUSED',
        },
      },
      this.#host.recorder.now(),
    );
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof EndpointError && error.problem.code === 'ECONNREFUSED';
}
