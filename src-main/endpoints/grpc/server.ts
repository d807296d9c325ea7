// The gRPC mock server: listens, lists who is connected and which calls are open, lets the mock answer them, and a person.
// Unknown methods get UNIMPLEMENTED; reflection and health are built in.
import { type ServerInterceptor, type ServerOptions, status } from '@grpc/grpc-js';
import type { CallState } from '../../core/grpc-call.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { ConnectionList } from '../connection-list.ts';
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
import { openOnce, serverTrust } from '../opening.ts';
import { cancelled } from '../problems.ts';
import { countDelivered, recipientsOf } from '../recipients.ts';
import type { AcceptedSocket, StreamListener } from '../stream-listener.ts';
import { unsupported } from '../unsupported.ts';
import { CallList } from './call-list.ts';
import { healthAnswers } from './health.ts';
import { receiveLimit } from './limits.ts';
import { createMock, type Mock } from './mock.ts';
import { orderedStatus, plainStatus } from './mock-status.ts';
import { Announcement } from './server-announcement.ts';
import { DEAF, type MethodAnswer } from './server-answer.ts';
import { ServerCall } from './server-call.ts';
import { ServerConnection } from './server-connection.ts';
import { HEALTH_SERVICE, ownDescriptors, REFLECTION_SERVICES } from './server-descriptors.ts';
import { listenForGrpc } from './server-listener.ts';
import { reflectionAnswers } from './server-reflection.ts';
import { ReflectionIndex } from './server-reflection-index.ts';

/** Services a client is told of when it calls one that is not there. */
const NAMED_SERVICES = 10;
/** Calls that may be open at the same time: a hundred bytes open one, and it takes a hundred times as much. */
const MAX_OPEN_CALLS = 10_000;

/** A mock server whose accidents (failures and delays by percentage) happen as `random` says. */
export function grpcServer(random: () => number, maxOpenCalls = MAX_OPEN_CALLS): OpenEndpoint {
  return (config, host) => new GrpcServer(config, host, random, maxOpenCalls);
}

/** A mock server for `grpc`, with TLS if the config has TLS settings. */
export const createGrpcServer: OpenEndpoint = grpcServer(Math.random);

class GrpcServer implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #random: () => number;
  readonly #maxOpenCalls: number;
  readonly #connections = new ConnectionList<ServerConnection>();
  readonly #calls = new CallList<ServerCall>();
  readonly #announcement: Announcement;
  #begun = 0;
  /** Open ones, those of the built-in services too. */
  #open = 0;
  #saidFull = false;
  /** By path. */
  #builtIn = new Map<string, MethodAnswer>();
  #mock: Mock = () => undefined;
  #unknown: MethodAnswer = unknownMethod([]);
  #listener: StreamListener | undefined;
  #abort = new AbortController();

  constructor(config: SessionConfig, host: EndpointHost, random: () => number, maxOpenCalls: number) {
    this.#config = config;
    this.#maxOpenCalls = maxOpenCalls;
    this.#host = host;
    this.#random = random;
    this.#announcement = new Announcement(() => host.connectionsChanged());
  }

  get connections(): readonly ConnectionState[] {
    return this.#connections.states;
  }

  get calls(): readonly CallState[] {
    return this.#calls.states;
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const address = this.#config.listen ?? '127.0.0.1';
    await openOnce(this.#host, signal, { step: 'listen', address }, async () => {
      await this.#prepare();
      await this.#listen(signal);
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = undefined;
    this.#host.stateChanged({ phase: 'closing' });
    const closed = listener.close();
    await Promise.all(Array.from(this.#connections.members, (connection) => connection.close()));
    await closed;
    this.#announcement.now();
    const { recorder } = this.#host;
    recorder.event({ type: 'closed', severity: 'info', text: 'Stopped listening' }, recorder.now());
    this.#host.stateChanged({ phase: 'closed', text: 'Stopped' });
  }

  /** Into open calls, by their numbers; the bytes as they are. */
  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const { recorder } = this.#host;
    if (recorder.congested) await recorder.drained();
    return countDelivered(this.#meant(to).map((call) => call.send(message.bytes)));
  }

  /** `finish` and `cancel` are for calls; `close` and `kick` for connections, by their numbers. */
  async control(command: ControlCommand, to: Recipients): Promise<void> {
    switch (command.type) {
      case 'finish': {
        const { code, message, details, trailers } = command;
        const callStatus = orderedStatus(code, message, details, trailers);
        for (const call of this.#meant(to)) call.finish(callStatus);
        return;
      }
      case 'cancel':
        for (const call of this.#meant(to)) call.reset();
        return;
      case 'close':
        await Promise.all(this.#meantConnections(to).map((connection) => connection.close()));
        return;
      case 'kick':
        for (const connection of this.#meantConnections(to)) connection.cut();
        return;
      default:
        throw unsupported(command, 'gRPC');
    }
  }

  #meant(to: Recipients): ServerCall[] {
    const calls = this.#calls.meant(to);
    if (to !== 'last' || calls.length > 0) return calls;
    throw new EndpointError({
      what: this.#begun > 0 ? 'The call that was begun last has ended.' : 'Nobody has called yet.',
      why: '',
      next: 'Choose an open call, or wait for one.',
    });
  }

  #meantConnections(to: Recipients): ServerConnection[] {
    const [call] = to === 'last' ? this.#calls.meant(to) : [];
    return recipientsOf(to, this.#connections, call && this.#connections.get(call.state.connection));
  }

  async #prepare(): Promise<void> {
    const schema = await this.#schema();
    this.#mock = await createMock({ config: this.#config, host: this.#host, schema, random: this.#random });
    const services = schema.services.map(({ name }) => name);
    let index: ReflectionIndex | undefined;
    const indexed = () => {
      index ??= new ReflectionIndex([...schema.descriptors(), ...ownDescriptors()]);
      return index;
    };
    const builtIn = new Map([
      ...healthAnswers(new Set([...services, HEALTH_SERVICE, ...REFLECTION_SERVICES])),
      ...reflectionAnswers(indexed),
    ]);
    // Whoever mocks the health service wants his own.
    for (const path of Object.keys(this.#config.grpc?.mock ?? {})) builtIn.delete(withoutSlash(path));
    this.#builtIn = builtIn;
    this.#unknown = unknownMethod(services);
  }

  async #schema(): Promise<LoadedSchema> {
    const schema = await this.#host.schema?.();
    if (schema && schema.services.length > 0) return schema;
    throw new EndpointError({
      what: 'There is no service to mock.',
      why: schema?.problems.find(({ severity }) => severity === 'error')?.text ?? '',
      next: 'Name .proto files that define one in the schema settings.',
    });
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const listener = await listenForGrpc(
      this.#config,
      this.#host,
      () => this.#connections.size,
      (accepted) => this.#accept(accepted),
    );
    if (signal.aborted) {
      await listener.close();
      throw cancelled();
    }
    this.#listener = listener;
    const { address } = listener;
    const { recorder } = this.#host;
    const scheme = address.startsWith('unix:') ? '' : this.#config.tls ? 'grpcs://' : 'grpc://';
    recorder.event({ type: 'listening', severity: 'info', text: `Listening on ${scheme}${address}` }, recorder.now());
    this.#host.stateChanged({ phase: 'open', address, trust: serverTrust(this.#config.tls) });
  }

  #accept({ socket, connection, peer }: AcceptedSocket): void {
    const { recorder } = this.#host;
    const interceptor: ServerInterceptor = ({ path }, incoming) => {
      const method = withoutSlash(path);
      const answer = this.#tooMany() ?? this.#builtIn.get(method) ?? this.#mock(method) ?? this.#unknown;
      this.#open++;
      const call = new ServerCall({
        incoming,
        answer,
        config: this.#config.grpc ?? {},
        state: {
          call: answer.listed ? ++this.#begun : 0,
          connection: connection.connection,
          peer,
          method,
          startedAt: Math.round(recorder.now()),
          clientMessages: 0,
          serverMessages: 0,
          clientEnded: false,
          waiting: answer.manual,
        },
        now: () => Math.round(recorder.now()),
        note: (event) => connection.event(event, recorder.now()),
        onChange: () => this.#announcement.soon(),
        onEnd: (ended) => {
          this.#open--;
          this.#calls.end(ended);
          this.#announcement.soon();
        },
      });
      if (answer.listed) this.#calls.add(call);
      this.#announcement.soon();
      return call;
    };
    const opened = new ServerConnection({ socket, recorder, connection, peer, options: this.#limits(), interceptor });
    this.#connections.add(opened);
    this.#announcement.now();
    void opened.ended.then(() => {
      for (const call of this.#calls.members) if (call.state.connection === connection.connection) call.lose();
      this.#connections.close(opened);
      this.#announcement.now();
    });
  }

  /** What a call gets while too many are open. */
  #tooMany(): MethodAnswer | undefined {
    const calls = this.#maxOpenCalls;
    if (this.#open < calls) return undefined;
    if (!this.#saidFull) {
      this.#saidFull = true;
      const { recorder } = this.#host;
      const text = `${calls} calls are open: others are refused until some have ended`;
      recorder.event({ type: 'limit', severity: 'warning', text, fields: { calls } }, recorder.now());
    }
    return refusing(status.RESOURCE_EXHAUSTED, `This mock answers ${calls} calls at a time, and so many are open.`);
  }

  #limits(): ServerOptions {
    const { grpc = {} } = this.#config;
    const { maxSendBytes = 0, keepaliveSeconds = 0 } = grpc;
    return {
      'grpc.max_receive_message_length': receiveLimit(grpc),
      // −1 is no limit.
      'grpc.max_send_message_length': maxSendBytes || -1,
      ...(keepaliveSeconds > 0 ? { 'grpc.keepalive_time_ms': keepaliveSeconds * 1000 } : {}),
    };
  }
}

function unknownMethod(services: readonly string[]): MethodAnswer {
  const named = services.slice(0, NAMED_SERVICES).join(', ');
  const more = services.length > NAMED_SERVICES ? ` and ${services.length - NAMED_SERVICES} more` : '';
  return refusing(status.UNIMPLEMENTED, `This mock has no such method. Its services are ${named}${more}.`);
}

function refusing(code: status, text: string): MethodAnswer {
  const refusal = plainStatus(code, text);
  return {
    clientStreaming: true,
    serverStreaming: true,
    listed: true,
    manual: false,
    begin(call) {
      call.finish(refusal);
      return DEAF;
    },
  };
}

/** HTTP/2 carries a method's path with a slash in front. */
function withoutSlash(path: string): string {
  return path.startsWith('/') ? path.slice(1) : path;
}
