// Whom a script talks to: the server of a client, or one of a server's connections.
import type { Control } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import type { CallState } from '../../core/grpc-call.ts';
import type { DirectionName } from '../../core/record.ts';
import type { Content, ProtocolName } from '../../core/session-config.ts';
import type { Recipients } from '../../endpoints/endpoint.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { commandOf } from '../session/commands.ts';
import type { CallChoice, LiveSource } from '../session/live-source.ts';
import { OneCall } from '../session/one-call.ts';
import type { SessionSchema } from '../session/schema.ts';
import type { ScriptPeer } from './steps.ts';

export interface PeerOptions {
  source: LiveSource;
  schema: SessionSchema;
  protocol: ProtocolName;
  /** Of a server: the connection it is. */
  connection?: number;
  /** Aborted: nothing more is waited for. */
  signal: AbortSignal;
}

export class SourcePeer implements ScriptPeer {
  readonly protocol: ProtocolName;
  readonly connection?: number;
  readonly incoming: DirectionName;
  readonly #source: LiveSource;
  readonly #schema: SessionSchema;
  readonly #signal: AbortSignal;

  constructor({ source, schema, protocol, connection, signal }: PeerOptions) {
    this.#source = source;
    this.#schema = schema;
    this.protocol = protocol;
    this.#signal = signal;
    this.incoming = connection === undefined ? 'server→client' : 'client→server';
    if (connection !== undefined) this.connection = connection;
  }

  get capture(): Capture {
    return this.#source.capture;
  }

  get calls(): readonly CallState[] {
    return this.#source.calls;
  }

  get schema(): LoadedSchema | undefined {
    return this.#schema.current;
  }

  get closed(): boolean {
    if (this.#source.ended || this.#signal.aborted) return true;
    if (this.connection === undefined) return false;
    const state = this.#source.connections.find(({ connection }) => connection === this.connection);
    return state === undefined || state.closedAt !== undefined;
  }

  onChange(listener: () => void): () => void {
    const undoing = [this.capture.onGrowth(listener), this.#source.onChange(listener)];
    this.#signal.addEventListener('abort', listener);
    return () => {
      this.#signal.removeEventListener('abort', listener);
      for (const undo of undoing) undo();
    };
  }

  async send(content: Content, choice: CallChoice): Promise<number> {
    const to = this.#recipients();
    return await this.#source.send(await this.#source.message(content, to, choice), to);
  }

  together(choice: CallChoice): (content: Content) => Promise<number> {
    const call = new OneCall(this.#source, this.#recipients(), choice);
    return (content) => call.send(content);
  }

  path(name: string): string {
    return this.#source.path(name);
  }

  async control(command: Control): Promise<void> {
    const isOfConnection = command.type === 'close' || command.type === 'kick';
    const to = isOfConnection && this.connection !== undefined ? [this.connection] : this.#recipients();
    await this.#source.control(await commandOf(this.#source, command), to);
  }

  /** Of gRPC, calls: a client's latest one, a server's open ones of this connection. */
  #recipients(): Recipients {
    if (this.connection === undefined) return this.protocol === 'grpc' ? 'last' : 'all';
    if (this.protocol !== 'grpc') return [this.connection];
    return this.calls
      .filter(({ connection, ended }) => connection === this.connection && !ended)
      .map(({ call }) => call);
  }
}
