// The UDP server: listens, keeps a conversation with every peer that was heard, sends to one, the last heard or all,
// and answers by its behaviour.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Direction } from '../../core/record.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { formatAddress, type ListenAddress, parseListen } from '../address.ts';
import { type Behaviour, createBehaviour } from '../behaviour.ts';
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
import { type Conversation, Conversations } from './conversations.ts';
import { Intake } from './intake.ts';
import { type UdpOptions, UdpSocket } from './socket.ts';

/** Answers on their way to the system beyond which a peer's answers wait. */
const SEND_LIMIT_BYTES = 256 * 1024;

/** A server for `udp`. */
export const createUdpServer: OpenEndpoint = (config, host) => new UdpServer(config, host);

class UdpServer implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  #socket: UdpSocket | undefined;
  #conversations: Conversations | undefined;
  #sendingBytes = 0;
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
    const address = this.#config.listen ?? '127.0.0.1';
    await openOnce(this.#host, signal, { step: 'listen', address }, () => this.#listen(signal));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    this.#host.stateChanged({ phase: 'closing' });
    await socket.close();
    this.#conversations?.closeAll('Stopped');
    const { recorder } = this.#host;
    recorder.event({ type: 'closed', severity: 'info', text: 'Stopped listening' }, recorder.now());
    this.#host.stateChanged({ phase: 'closed', text: 'Stopped' });
  }

  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    return countDelivered(this.#recipients(to).map((conversation) => this.#send(conversation, message.bytes)));
  }

  async control(command: ControlCommand, to: Recipients): Promise<void> {
    if (command.type !== 'close' && command.type !== 'kick') throw unsupported(command, 'UDP');
    for (const conversation of this.#recipients(to)) {
      this.#conversations?.close(conversation, 'Closed from here; the next datagram begins a new conversation');
    }
  }

  #recipients(to: Recipients): Conversation[] {
    this.#requireSocket();
    const conversations = this.#conversations;
    return conversations ? recipientsOf(to, conversations.list, conversations.last) : [];
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const listen = parseListen(this.#config.listen);
    const behaviour = await createBehaviour(this.#config, this.#host);
    const { recorder } = this.#host;
    const intake = new Intake(recorder, Direction.clientToServer);
    const socket = await this.#bind(listen, {
      config: this.#config.udp,
      host: this.#host,
      onDatagram: (bytes, from) => {
        const conversation = this.#conversations?.with(plainAddress(from.address), from.port);
        if (conversation && intake.record(conversation.connection, bytes)) this.#hear(conversation, bytes);
      },
      onError: (error) => {
        const { problem } = endpointError(error, { step: 'receive', address: this.#config.listen ?? '' });
        recorder.event(failedEvent(problem), recorder.now());
      },
    });
    if (signal.aborted) {
      await socket.close();
      throw cancelled();
    }
    const { local } = socket;
    this.#conversations = new Conversations({
      host: this.#host,
      side: 'server',
      local,
      limit: this.#config.server?.maxConnections,
      onOpen: (conversation) => this.#join(behaviour, conversation),
    });
    this.#socket = socket;
    const address = formatAddress(local.address, local.port);
    recorder.event({ type: 'listening', severity: 'info', text: `Listening on udp://${address}` }, recorder.now());
    this.#host.stateChanged({ phase: 'open', address, trust: { lock: 'none' } });
  }

  /** Every interface means both families, unless something is asked for that only IPv4 has, or there is no IPv6. */
  async #bind(listen: ListenAddress, options: Omit<UdpOptions, 'family' | 'bind'>): Promise<UdpSocket> {
    if (listen.host !== '') {
      const address = isIP(listen.host) === 0 ? (await lookup(listen.host)).address : listen.host;
      return UdpSocket.open({ ...options, family: isIP(address) === 6 ? 6 : 4, bind: { ...listen, host: address } });
    }
    const { udp } = this.#config;
    const onlyIPv4 = udp?.broadcast === true || (udp?.multicast ?? []).some((group) => isIP(group) === 4);
    if (onlyIPv4) return UdpSocket.open({ ...options, family: 4, bind: listen });
    try {
      return await UdpSocket.open({ ...options, family: 6, bind: listen });
    } catch (error) {
      const code = error instanceof EndpointError ? error.problem.code : undefined;
      if (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL') throw error;
      return UdpSocket.open({ ...options, family: 4, bind: listen });
    }
  }

  #join(behaviour: Behaviour, conversation: Conversation): void {
    if (behaviour.kind === 'silent') return;
    conversation.membership = behaviour.join({
      connection: conversation.state.connection,
      send: (message) => this.#answer(conversation, message.bytes),
      close: () => this.#conversations?.close(conversation, 'Closed by the script'),
      pause: () => this.#stopHearing(conversation),
      resume: () => {
        conversation.unheard = false;
      },
    });
  }

  #hear(conversation: Conversation, bytes: Uint8Array): void {
    if (!conversation.unheard) conversation.membership?.hear({ bytes, text: false });
  }

  /** A datagram cannot be left with its sender; it is recorded, but not answered. */
  #stopHearing(conversation: Conversation): void {
    conversation.unheard = true;
    const text =
      'Too many answers are waiting to be sent: until there is room, datagrams of this peer are not answered';
    conversation.connection.event({ type: 'limit', severity: 'warning', text }, this.#host.recorder.now());
  }

  #answer(conversation: Conversation, bytes: Uint8Array): Promise<void> | undefined {
    this.#sendingBytes += bytes.length;
    const sent = this.#send(conversation, bytes)
      .catch((error: unknown) => {
        const { problem } = endpointError(error, { step: 'send', address: conversation.state.peer });
        const event = failedEvent(problem, `An answer was not sent: ${problem.what}`);
        conversation.connection.event(event, this.#host.recorder.now());
      })
      .finally(() => {
        this.#sendingBytes -= bytes.length;
      });
    return this.#sendingBytes > SEND_LIMIT_BYTES ? sent : undefined;
  }

  async #send(conversation: Conversation, bytes: Uint8Array): Promise<void> {
    const { recorder } = this.#host;
    await this.#requireSocket().send(bytes, conversation.peer);
    if (conversation.state.closedAt === undefined) {
      conversation.connection.chunk(Direction.serverToClient, bytes, recorder.now());
    }
    if (recorder.congested) await recorder.drained();
  }

  #requireSocket(): UdpSocket {
    if (this.#socket) return this.#socket;
    throw new EndpointError({ what: 'The server is not listening.', why: '', next: 'Start it first.' });
  }
}
