// The TCP server: lists who is connected, sends to one or all, and answers by its behaviour. With TLS settings every
// connection is TLS; a failed handshake is a connection on the timeline too.
import type { Framing } from '../../core/protocol.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { parseListen } from '../address.ts';
import { type Behaviour, createBehaviour } from '../behaviour.ts';
import { ConnectionList } from '../connection-list.ts';
import type {
  ConnectionState,
  ControlCommand,
  Endpoint,
  EndpointHost,
  OpenEndpoint,
  OutgoingMessage,
  Recipients,
} from '../endpoint.ts';
import { openOnce, serverTrust } from '../opening.ts';
import { cancelled } from '../problems.ts';
import { countDelivered, recipientsOf } from '../recipients.ts';
import { type AcceptedSocket, StreamListener } from '../stream-listener.ts';
import { unsupported } from '../unsupported.ts';
import { openConversation } from './conversation.ts';
import { frameForSending, framingOf } from './framing.ts';
import { TcpStream } from './stream.ts';

/** A server for `tcp`, with TLS if the config has TLS settings. */
export const createTcpServer: OpenEndpoint = (config, host) => new TcpServer(config, host);

class TcpServer implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #streams = new ConnectionList<TcpStream>();
  #framing: Framing = { kind: 'none' };
  #behaviour: Behaviour | undefined;
  #listener: StreamListener | undefined;
  #last: TcpStream | undefined;
  #abort = new AbortController();

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    return this.#streams.states;
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const address = this.#config.listen ?? '127.0.0.1';
    await openOnce(this.#host, signal, { step: 'listen', address }, () => this.#listen(signal));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = undefined;
    this.#host.stateChanged({ phase: 'closing' });
    const closed = listener.close();
    await Promise.all(Array.from(this.#streams.members, (stream) => stream.close()));
    await closed;
    const { recorder } = this.#host;
    recorder.event({ type: 'closed', severity: 'info', text: 'Stopped listening' }, recorder.now());
    this.#host.stateChanged({ phase: 'closed', text: 'Stopped' });
  }

  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const bytes = frameForSending(this.#framing, message.bytes);
    return countDelivered(recipientsOf(to, this.#streams, this.#last).map((stream) => stream.send(bytes)));
  }

  async control(command: ControlCommand, to: Recipients): Promise<void> {
    const streams = recipientsOf(to, this.#streams, this.#last);
    switch (command.type) {
      case 'close':
        await Promise.all(streams.map((stream) => stream.close()));
        return;
      case 'halfClose':
        await countDelivered(streams.map((stream) => stream.halfClose()));
        return;
      case 'kick':
        for (const stream of streams) stream.cut();
        return;
      default:
        throw unsupported(command, 'TCP');
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const host = this.#host;
    const config = this.#config;
    this.#framing = framingOf(config.tcp);
    this.#behaviour = await createBehaviour(config, host);
    const listener = new StreamListener({
      ...{ config, host },
      where: parseListen(config.listen),
      tls: config.tls,
      noDelay: config.tcp?.noDelay ?? true,
      dissectAs: { protocol: 'tcp', framing: this.#framing },
      openConnections: () => this.#streams.size,
      onAccepted: (accepted) => this.#open(accepted),
    });
    await listener.listen();
    if (signal.aborted) {
      void listener.close();
      throw cancelled();
    }
    this.#listener = listener;
    const { address } = listener;
    const { recorder } = host;
    const scheme = config.tls ? 'tls' : 'tcp';
    recorder.event(
      { type: 'listening', severity: 'info', text: `Listening on ${scheme}://${address}` },
      recorder.now(),
    );
    host.stateChanged({ phase: 'open', address, trust: serverTrust(config.tls) });
  }

  #open({ socket, connection, peer }: AcceptedSocket): void {
    const stream: TcpStream = new TcpStream({
      socket,
      recorder: this.#host.recorder,
      connection,
      side: 'server',
      peer,
      onChunk: (chunk) => {
        this.#last = stream;
        conversation?.hear(chunk);
      },
      onPeerEnd: () => {
        if (conversation) conversation.peerEnded();
        else if (stream.secured && stream.writable) void stream.halfClose().catch(() => {});
        this.#host.connectionsChanged();
      },
    });
    const conversation =
      this.#behaviour && openConversation(this.#behaviour, stream, connection, this.#framing, this.#host.recorder);
    this.#streams.add(stream);
    this.#host.connectionsChanged();
    void stream.ended.then(() => {
      conversation?.leave();
      this.#streams.close(stream);
      if (this.#last === stream) this.#last = undefined;
      this.#host.connectionsChanged();
    });
  }
}
