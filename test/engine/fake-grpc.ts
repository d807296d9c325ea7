// A gRPC client's endpoint that the test plays the server of, over the real capture and dissector.
import type { CallState } from '../../src-main/core/grpc-call.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import {
  type ConnectionState,
  type ControlCommand,
  type Endpoint,
  EndpointError,
  type EndpointHost,
  type OutgoingMessage,
  type Recipients,
} from '../../src-main/endpoints/endpoint.ts';
import { GrpcTraffic } from '../capture/grpc-traffic.ts';

export const GRPC_CLIENT: SessionConfig = {
  ...{ wirescope: 1, name: 'Chat', role: 'client', protocol: 'grpc', target: 'grpc://127.0.0.1:50051' },
  grpc: { method: 'ChatService/SendMessage', schema: { files: ['chat.proto'] } },
};

/** Unary methods end their sending side at once; calls end when the test says so. */
export class FakeGrpcEndpoint implements Endpoint {
  readonly host: EndpointHost;
  readonly sent: OutgoingMessage[] = [];
  readonly commands: ControlCommand[] = [];
  /** Whom the end of streaming was said to. */
  readonly halfClosed: Recipients[] = [];
  connections: ConnectionState[] = [];
  calls: CallState[] = [];
  /** What the server does with each message. */
  onMessage: (call: CallState) => void = () => {};
  #traffic: GrpcTraffic | undefined;
  readonly #streams = new Map<number, number>();

  constructor(host: EndpointHost) {
    this.host = host;
  }

  get traffic(): GrpcTraffic {
    return this.#traffic!;
  }

  async start(): Promise<void> {
    this.#traffic = new GrpcTraffic(this.host);
    this.connections = [{ connection: 1, peer: '127.0.0.1:50051', openedAt: this.#traffic.at, label: '' }];
    this.host.stateChanged({ phase: 'open', address: '127.0.0.1:50051', trust: { lock: 'none' } });
  }

  async stop(): Promise<void> {
    this.#traffic?.connection.close(this.#traffic.at);
    this.host.stateChanged({ phase: 'closed', text: 'Stopped' });
  }

  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const { method } = message.call!;
    const isStream = method.endsWith('StreamMessages');
    let call = this.calls.find((other) =>
      Array.isArray(to) ? to.includes(other.call) : isStream && other.method === method && !other.ended,
    );
    if (call?.ended) throw new EndpointError({ what: `Call ${call.call} is not open.`, why: '', next: '' });
    this.sent.push(message);
    if (!call) {
      const stream = this.traffic.call(`/${method}`);
      call = {
        ...{ call: this.calls.length + 1, connection: 1, peer: '127.0.0.1:50051', method },
        ...{ startedAt: this.traffic.at, clientMessages: 0, serverMessages: 0, clientEnded: !isStream, waiting: false },
      };
      this.#streams.set(call.call, stream);
      this.calls = [call, ...this.calls];
    }
    call.clientMessages += 1;
    this.traffic.ask(this.#streams.get(call.call)!, message.bytes);
    this.onMessage(call);
    return 1;
  }

  async control(command: ControlCommand, to: Recipients): Promise<void> {
    this.commands.push(command);
    if (command.type === 'halfClose') this.halfClosed.push(to);
  }

  /** The server answers: initial metadata with the first message. */
  answer(call: CallState, text: string, metadata: { [name: string]: string } = {}): void {
    const stream = this.#streams.get(call.call)!;
    if (call.serverMessages === 0) this.traffic.begin(stream, metadata);
    call.serverMessages += 1;
    this.traffic.answer(stream, new TextEncoder().encode(text));
  }

  end(call: CallState, code: number, message = '', trailers: { [name: string]: string } = {}): void {
    const stream = this.#streams.get(call.call)!;
    if (call.serverMessages === 0) this.traffic.begin(stream);
    this.traffic.end(stream, code, { ...(message && { 'grpc-message': message }), ...trailers });
    call.ended = { at: this.traffic.at, code, message };
    this.host.connectionsChanged();
  }
}
