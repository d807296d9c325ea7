// What a session sends: contents as a person wrote them → messages, by its config and with the values that variables have
// at that moment; once, or again and again. Whether there is anything to send through is the session's business.
import { resolve } from 'node:path';
import type { Control, Input, SessionState } from '../bridge/contract.ts';
import { formatGrpcurl } from '../core/compose/grpcurl.ts';
import type { Problem } from '../core/event.ts';
import type { CallState } from '../core/grpc-call.ts';
import type { Content, GrpcConfig, SessionConfig } from '../core/session-config.ts';
import type { OutgoingMessage, Recipients } from '../endpoints/endpoint.ts';
import { callSettings, resolveCalls } from '../workspace/session-variables.ts';
import { namesVariables } from '../workspace/variables.ts';
import { commandOf } from './commands.ts';
import { readContent } from './contents.ts';
import { type MessageSources, messageText, readMessage, typeToSend } from './grpc-message.ts';
import type { LiveSource } from './live-source.ts';
import { problemOf } from './problem.ts';
import { Repeat } from './repeat.ts';
import type { SessionSchema } from './session-schema.ts';
import type { SessionVariables } from './session-variables.ts';

/** What it needs to know of its session. */
export interface SendingHost {
  /** Throws a ProblemError if it cannot be told. */
  readonly effective: SessionConfig;
  /** Folder that file names in contents are relative to. */
  readonly folder: string;
  readonly schema: SessionSchema;
  readonly variables: SessionVariables;
  /** Shows what went wrong while nobody waited for it. */
  report(found: Problem): void;
  /** The repeating began or ended. */
  changed(): void;
}

export class SessionSending {
  readonly #host: SendingHost;
  #repeat: Repeat | undefined;

  constructor(host: SendingHost) {
    this.#host = host;
  }

  /** How far the repeating is that goes on. */
  get repeating(): SessionState['repeating'] {
    const repeat = this.#repeat;
    return repeat && { sent: repeat.sent, times: repeat.plan.times };
  }

  stopRepeating(): void {
    this.#repeat?.stop();
  }

  /** Resolves when the first is sent; the others follow by themselves. */
  async send(
    source: LiveSource,
    { content, to, repeat }: Omit<Input<'sessions.send'>, 'session'>,
  ): Promise<{ recipients: number }> {
    const compose = await this.#composing(source, content, to);
    const message = await compose();
    this.stopRepeating();
    const recipients = await source.send(message, to);
    if (repeat && repeat.times > 1) {
      void this.#sendRest(new Repeat(repeat, 1), async () => source.send(await compose(), to));
    }
    return { recipients };
  }

  async control(source: LiveSource, command: Control, to: Recipients): Promise<void> {
    await source.control(await commandOf(source, await this.#host.variables.resolve(command)), to);
  }

  /** How gRPC calls are made now. */
  async calls(): Promise<GrpcConfig> {
    const config = this.#host.effective;
    return resolveCalls(config, await this.#host.variables.scope(callSettings(config.grpc ?? {})));
  }

  /**
   * Bytes that would be sent. Rejects with what is wrong.
   * @param calls that are open: of gRPC, the message may go into one
   * @param type of gRPC, other than that of the method
   */
  async sizeOf(content: Content, calls: readonly CallState[], type?: string): Promise<number> {
    const { protocol, role, grpc } = this.#host.effective;
    const [sent, method] = await this.#host.variables.peek([content, grpc?.method] as const);
    if (protocol !== 'grpc') return (await readContent(sent, (name) => this.#sources.path(name))).bytes.length;
    const bytes = await readMessage(
      sent,
      this.#sources,
      (schema) => type ?? typeToSend(schema, role, calls, 'last', method),
    );
    return bytes.length;
  }

  /** The grpcurl command line that calls the config's method with a content. */
  async grpcurl(content: Content): Promise<string> {
    const { effective, variables } = this.#host;
    const config = await variables.shared(effective);
    const sent = await variables.shared(content);
    return formatGrpcurl(config, await messageText(sent, this.#sources, config.grpc?.method));
  }

  /** What makes the message, at each send anew if variables are named. Their values are those of now; some count up. */
  async #composing(source: LiveSource, content: Content, to: Recipients): Promise<() => Promise<OutgoingMessage>> {
    const { protocol, grpc = {} } = this.#host.effective;
    if (namesVariables([content, protocol === 'grpc' ? callSettings(grpc) : {}])) {
      const scope = await this.#host.variables.scope(content);
      return () => source.message(scope.resolve(content), to);
    }
    const message = await source.message(content, to);
    return async () => message;
  }

  async #sendRest(repeat: Repeat, send: () => Promise<unknown>): Promise<void> {
    const host = this.#host;
    this.stopRepeating();
    this.#repeat = repeat;
    host.changed();
    try {
      await repeat.run(send);
    } catch (error) {
      host.report(host.variables.mask.problem(problemOf(error)));
    }
    if (this.#repeat === repeat) this.#repeat = undefined;
    host.changed();
  }

  get #sources(): MessageSources {
    return { schema: () => this.#host.schema.loaded(), path: (name) => resolve(this.#host.folder, name) };
  }
}
