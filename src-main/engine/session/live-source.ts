// An endpoint that runs, together with the capture it fills. Lives for one run: once it has closed or failed, the
// capture is finished and stays readable.
import { resolve } from 'node:path';
import type { Capture } from '../../capture/capture.ts';
import type { CallState } from '../../core/grpc-call.ts';
import type { Content, GrpcConfig, MetadataConfig, SessionConfig } from '../../core/session-config.ts';
import type {
  CallOptions,
  ConnectionState,
  ControlCommand,
  Endpoint,
  EndpointState,
  OpenEndpoint,
  OutgoingMessage,
  Recipients,
  VaryingContent,
} from '../../endpoints/endpoint.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { createDynamics } from '../../workspace/dynamics.ts';
import type { SecretMask } from '../../workspace/secret-mask.ts';
import { namesVariables, type VariableScope } from '../../workspace/variables.ts';
import type { EngineParts } from '../parts.ts';
import { problem, problemOf } from '../problem.ts';
import { readContent } from './contents.ts';
import { type MessageSources, noMethod, readMessage, typeToSend } from './grpc-message.ts';
import { maskedRecorder } from './masked-recorder.ts';
import type { SessionSchema } from './schema.ts';
import { NO_TRUST, type Source, type SourceStatus } from './source.ts';

export interface LiveOptions {
  parts: Pick<EngineParts, 'createCapture'>;
  /** Of the protocol and role of `started`. */
  openEndpoint: OpenEndpoint;
  /** The config that is started, with the values of its variables. */
  started: SessionConfig;
  /** What a server replies with by itself takes values from, at each reply. */
  variables: VariableScope;
  /** How gRPC calls are made now, with the values of variables: the next call heeds changes of the config. */
  calls: () => Promise<GrpcConfig>;
  /** Hides secrets in what is told beside the bytes that are sent. */
  mask: SecretMask;
  /** The message types of a session of gRPC. */
  schema: SessionSchema;
  /** Path of the capture file to make. */
  capturePath: string;
  /** Folder that file names in the config are relative to. */
  folder: () => string;
  /** Status or connections changed. */
  changed(): void;
}

/** A gRPC call other than the config describes it. */
export interface CallChoice {
  method?: string;
  /** Beside the config's. */
  metadata?: MetadataConfig;
}

export class LiveSource implements Source, MessageSources {
  readonly capture: Capture;
  readonly #endpoint: Endpoint;
  readonly #started: SessionConfig;
  readonly #calls: () => Promise<GrpcConfig>;
  readonly #mask: SecretMask;
  readonly #schema: SessionSchema;
  readonly #folder: () => string;
  readonly #changed: () => void;
  readonly #listeners = new Set<() => void>();
  #status: SourceStatus = { phase: 'connecting', text: '', trust: NO_TRUST };
  #ended = false;
  #stopped = false;
  #finished: Promise<void> | undefined;
  #tellFinished: () => void = () => {};
  /** Resolves when it has ended and its capture's file is whole. */
  readonly finished = new Promise<void>((resolve) => {
    this.#tellFinished = resolve;
  });

  /** Throws what the capture or the endpoint throws on a file or a config that cannot be used. */
  constructor(options: LiveOptions) {
    const { parts, openEndpoint, started, variables, calls, mask, schema, capturePath, folder, changed } = options;
    this.#started = started;
    this.#calls = calls;
    this.#mask = mask;
    this.#schema = schema;
    this.#folder = folder;
    this.#changed = () => {
      changed();
      for (const listener of [...this.#listeners]) listener();
    };
    this.capture = parts.createCapture(capturePath);
    try {
      this.#endpoint = openEndpoint(this.#started, {
        recorder: maskedRecorder(this.capture.recorder, mask),
        stateChanged: (state) => this.#follow(state),
        connectionsChanged: this.#changed,
        content: (content) => this.content(variables.sample(content, createDynamics())),
        varying: (content) => varying(content, variables),
        path: (name) => this.path(name),
        schema: () => schema.loaded(),
      });
    } catch (error) {
      void this.capture.dispose();
      throw error;
    }
  }

  get status(): SourceStatus {
    return this.#status;
  }

  get connections(): readonly ConnectionState[] {
    return this.#endpoint.connections;
  }

  /** Calls back after its status, its connections or its calls changed. Returns its undoing. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** It has closed or failed. */
  get ended(): boolean {
    return this.#ended;
  }

  get calls(): readonly CallState[] {
    return this.#endpoint.calls ?? [];
  }

  get openConnections(): number {
    let open = 0;
    for (const { closedAt } of this.connections) if (closedAt === undefined) open += 1;
    return open;
  }

  /** Resolves when the endpoint is usable or was stopped, rejects when it failed. */
  async start(): Promise<void> {
    try {
      await this.#endpoint.start();
    } catch (error) {
      if (this.#stopped) return;
      const found = this.#mask.problem(problemOf(error));
      this.#end({ phase: 'failed', text: '', trust: NO_TRUST, problem: found });
      await this.#finish();
      throw error;
    }
  }

  /** The bytes of a content as it is written. */
  content(content: Content): Promise<OutgoingMessage> {
    return readContent(content, (name) => this.path(name));
  }

  /** What sends a content: of gRPC, encoded by the type that fits its recipients. */
  async message(content: Content, to: Recipients, choice: CallChoice = {}): Promise<OutgoingMessage> {
    const { protocol, role } = this.#started;
    if (protocol !== 'grpc') return await this.content(content);
    const grpc = await this.#calls();
    const method = choice.method ?? grpc.method;
    const bytes = await readMessage(content, this, (schema) => typeToSend(schema, role, this.calls, to, method));
    return { bytes, text: false, ...(role === 'client' && method && { call: callOf(grpc, choice) }) };
  }

  /** How a gRPC client's next call is to be made. Rejects with a ProblemError if no method is chosen. */
  async call(choice: CallChoice = {}): Promise<CallOptions> {
    return callOf(await this.#calls(), choice);
  }

  schema(): Promise<LoadedSchema> {
    return this.#schema.loaded();
  }

  /** Where a file is that a content or the config names. */
  path(name: string): string {
    return resolve(this.#folder(), name);
  }

  /** Resolves with the number of recipients when the system has taken the bytes. */
  send(message: OutgoingMessage, to: Recipients): Promise<number> {
    this.#requireOpen(message.call);
    return this.#endpoint.send(message, to);
  }

  control(command: ControlCommand, to: Recipients): Promise<void> {
    this.#requireOpen(command.type === 'invoke' ? command.call : this.calls.at(0));
    return this.#endpoint.control(command, to);
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#finish();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.capture.dispose();
  }

  /** `call`: of gRPC, one that goes on, or that may be begun for a connection that is still to come. */
  #requireOpen(call?: CallOptions | CallState): void {
    const { phase } = this.#status;
    if (phase === 'open') return;
    const isComing = phase === 'connecting' || phase === 'waiting';
    if (isComing && call && (!('config' in call) || call.config.waitForReady)) return;
    throw problem('The session is not connected.', {
      why: this.#status.problem?.what ?? this.#status.text,
      next: 'Start it first.',
      code: 'NOT_OPEN',
    });
  }

  #follow(state: EndpointState): void {
    if (this.#ended) return;
    if (state.phase !== 'closed' && state.phase !== 'failed') {
      this.#status = this.#masked(statusOf(state));
      this.#changed();
      return;
    }
    this.#end(this.#masked(statusOf(state)));
    // Not at once: the endpoint is in the middle of telling.
    queueMicrotask(() => void this.#finish());
  }

  #masked({ text, trust, problem: failure, ...status }: SourceStatus): SourceStatus {
    const mask = this.#mask;
    return {
      ...status,
      text: mask.text(text),
      trust: { ...trust, text: mask.text(trust.text) },
      ...(failure && { problem: mask.problem(failure) }),
    };
  }

  #end(status: SourceStatus): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#status = status;
    this.#changed();
  }

  #finish(): Promise<void> {
    this.#finished ??= this.#finishOnce();
    return this.#finished;
  }

  async #finishOnce(): Promise<void> {
    try {
      await this.#endpoint.stop();
      await this.capture.finish();
    } catch (error) {
      this.#status = { ...this.#status, problem: this.#mask.problem(problemOf(error)) };
      this.#changed();
    }
    this.#end({ phase: 'closed', text: 'Stopped', trust: NO_TRUST });
    this.#tellFinished();
  }
}

function varying(content: Content, variables: VariableScope): VaryingContent | undefined {
  if (!namesVariables(content)) return undefined;
  return { sample: variables.sample(content, createDynamics()), next: () => variables.resolve(content) };
}

function callOf(config: GrpcConfig, { method, metadata }: CallChoice): CallOptions {
  const path = (method ?? config.method ?? '').replace(/^\//, '');
  if (path === '') throw noMethod();
  return { method: path, metadata: { ...config.metadata, ...metadata }, config };
}

function waitingText(attempt: number, attempts: number): string {
  const limit = attempts === Number.POSITIVE_INFINITY ? '' : ` of ${attempts}`;
  return `Waiting to reconnect, attempt ${attempt}${limit}`;
}

function statusOf(state: EndpointState): SourceStatus {
  const { phase } = state;
  switch (phase) {
    case 'connecting':
      return { phase, text: state.step, trust: NO_TRUST };
    case 'waiting':
      return { phase, text: waitingText(state.attempt, state.attempts), trust: NO_TRUST };
    case 'open':
      return { phase, text: state.address, trust: { text: '', ...state.trust } };
    case 'closed':
      return { phase, text: state.text, trust: NO_TRUST };
    case 'failed':
      return { phase, text: state.problem.what, trust: NO_TRUST, problem: state.problem };
    default:
      return { phase, text: '', trust: NO_TRUST };
  }
}
