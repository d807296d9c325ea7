// What a session sends: contents as a person wrote them → messages, by its config and with the values that variables have
// at that moment; once, again and again, or as a list. Whether there is anything to send through is the session's business.
import { resolve } from 'node:path';
import type { Control, Input, SessionState } from '../../bridge/contract.ts';
import { formatGrpcurl } from '../../core/compose/grpcurl.ts';
import type { Problem } from '../../core/event.ts';
import type { CallState } from '../../core/grpc-call.ts';
import type { Content, GrpcConfig, SessionConfig } from '../../core/session-config.ts';
import type { OutgoingMessage, Recipients } from '../../endpoints/endpoint.ts';
import { callSettings, resolveCalls } from '../../workspace/session-variables.ts';
import { namesVariables } from '../../workspace/variables.ts';
import { problem, problemOf } from '../problem.ts';
import { commandOf } from './commands.ts';
import { readContent } from './contents.ts';
import { type MessageSources, messageText, readMessage, typeToSend } from './grpc-message.ts';
import type { LiveSource } from './live-source.ts';
import { OneCall } from './one-call.ts';
import type { SessionSchema } from './schema.ts';
import { Series } from './series.ts';
import { Slices } from './slices.ts';
import type { SessionVariables } from './variables.ts';

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
  /** A series began or ended. */
  changed(): void;
}

export class SessionSending {
  readonly #host: SendingHost;
  #series: Series | undefined;

  constructor(host: SendingHost) {
    this.#host = host;
  }

  /** How far the series is that goes on: a repetition, or a list. */
  get series(): SessionState['series'] {
    const series = this.#series;
    return series && { sent: series.sent, of: series.of };
  }

  stop(): void {
    this.#series?.stop();
  }

  /** Resolves when the first is sent; the others follow by themselves. */
  async send(
    source: LiveSource,
    { content, to, repeat }: Omit<Input<'sessions.send'>, 'session'>,
  ): Promise<{ recipients: number }> {
    const compose = await this.#composing(source, content, to);
    const message = await compose();
    this.stop();
    const recipients = await source.send(message, to);
    if (repeat && repeat.times > 1) {
      const series = new Series(repeat.times, 1);
      const send = async () => source.send(await compose(), to);
      void this.#run(series, () => series.repeat(repeat.everyMs, send));
    }
    return { recipients };
  }

  /** Resolves when it has begun: all messages can be sent as they are. They follow by themselves. */
  async sendList(
    source: LiveSource,
    { list, to, endStreaming }: Omit<Input<'sessions.sendList'>, 'session'>,
  ): Promise<void> {
    const contents = list.flatMap((entry) => ('send' in entry ? [entry.send] : []));
    await this.#check(contents, source.calls);
    const scope = namesVariables(contents) ? await this.#host.variables.scope(contents) : undefined;
    const call = new OneCall(source, to);
    const series = new Series(contents.length);
    const send = async () => {
      await series.list(list, (content) => call.send(scope ? scope.resolve(content) : content));
      if (endStreaming && !series.stopped) await call.endStreaming();
    };
    void this.#run(series, send);
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

  /** Rejects with what is wrong with the first of them that cannot be sent. */
  async #check(contents: readonly Content[], calls: readonly CallState[]): Promise<void> {
    const slices = new Slices(Number.POSITIVE_INFINITY);
    for (const [index, content] of contents.entries()) {
      if (slices.due) await slices.pause();
      try {
        await this.sizeOf(content, calls);
      } catch (error) {
        const { what, ...more } = problemOf(error);
        throw problem(`Message ${index + 1}: ${what}`, more);
      }
    }
  }

  /** Shows a series until all is sent. */
  async #run(series: Series, send: () => Promise<void>): Promise<void> {
    const host = this.#host;
    this.stop();
    this.#series = series;
    host.changed();
    try {
      await send();
    } catch (error) {
      host.report(host.variables.mask.problem(problemOf(error)));
    }
    if (this.#series === series) this.#series = undefined;
    host.changed();
  }

  get #sources(): MessageSources {
    return { schema: () => this.#host.schema.loaded(), path: (name) => resolve(this.#host.folder, name) };
  }
}
