// A script made of what was recorded: what we sent becomes saved messages and steps that send them, what came back
// becomes expectations. Of several connections the last that carried messages counts. The same capture makes the same
// script.
import type { Output } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import { GRPC_ID, GrpcType, STATUS_NAMES, statusOf } from '../../core/dissect/grpc/format.ts';
import { FrameFlag, HTTP2_ID, wireFlagsOf } from '../../core/dissect/http2/format.ts';
import { headersOf, headerText } from '../../core/dissect/http2/header-fields.ts';
import { Opcode, WEBSOCKET_ID } from '../../core/dissect/websocket/format.ts';
import { Direction, Level, type TimelineRecord } from '../../core/record.ts';
import type { SessionConfig, Step } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { problem } from '../problem.ts';
import { Slices } from '../session/slices.ts';
import { fieldReader, subjectOf } from './field-reader.ts';
import { MessageNames, recordedContent, recordedMatch, type SecretNames } from './recorded-message.ts';

/** Nobody reads a script that is longer, and what it was made of is in the capture. */
const MAX_STEPS = 500;
/** Longer pauses were somebody's, or the peer's, thinking. */
const WAIT_FROM_MS = 500;
const MAX_WAIT_MS = 60_000;
const WAIT_STEP_MS = 100;
/** An answer that took longer than half the time that an expectation waits by itself gets more. */
const SLOW_ANSWER_MS = 2500;

export interface RecordedSession {
  capture: Capture;
  config: Pick<SessionConfig, 'role' | 'protocol' | 'grpc' | 'messages'>;
  /** Message types that are known. */
  schema: LoadedSchema | undefined;
  /** Secrets that must not be written down. */
  secrets: SecretNames;
}

/** A step and when what it is made of was recorded, in microseconds. */
interface Moment {
  at: number;
  step: Step;
}

/** Rejects with a ProblemError if there is nothing to record. */
export async function recordScript(session: RecordedSession): Promise<Output['script.record']> {
  const { capture, config } = session;
  const connection = lastConnection(capture);
  if (connection === undefined)
    throw problem('There is nothing to record yet.', { next: 'Start the session, and send and receive messages.' });
  const names = new MessageNames(config.messages ?? []);
  const recorder = new Recorder(session, names);
  const slices = new Slices(Number.POSITIVE_INFINITY);
  for (let seq = 0; seq < capture.count && recorder.steps < MAX_STEPS; seq += 1) {
    if (slices.due) await slices.pause();
    const record = capture.record(seq);
    if (record.connection === connection) recorder.add(record);
  }
  return { script: withWaits(recorder.moments()).slice(0, MAX_STEPS), messages: names.added };
}

function lastConnection(capture: Capture): number | undefined {
  for (let seq = capture.count - 1; seq >= 0; seq -= 1) {
    const { levels, connection, direction } = capture.record(seq);
    if ((levels & Level.message) !== 0 && direction !== Direction.none) return connection;
  }
  return undefined;
}

class Recorder {
  readonly #session: RecordedSession;
  readonly #names: MessageNames;
  readonly #ours: Direction;
  /** gRPC calls by stream, one after the other: a script makes one call at a time. Others have stream 0. */
  readonly #streams = new Map<number, Moment[]>();
  /** Methods of calls by stream, other than the config's: each send of such a call names it. */
  readonly #methods = new Map<number, string>();
  /** Streams of calls whose client may send several messages. */
  readonly #streaming = new Set<number>();
  #closed = false;
  steps = 0;

  constructor(session: RecordedSession, names: MessageNames) {
    this.#session = session;
    this.#names = names;
    this.#ours = session.config.role === 'server' ? Direction.serverToClient : Direction.clientToServer;
  }

  moments(): Moment[] {
    return [...this.#streams.values()].flat();
  }

  add(record: TimelineRecord): void {
    const { protocol, type, levels } = record;
    if (protocol === GRPC_ID) this.#addOfCall(record);
    else if (protocol === HTTP2_ID) this.#addEndOfStreaming(record);
    else if (protocol === WEBSOCKET_ID && type === Opcode.close && (levels & Level.frame) !== 0) this.#addClose(record);
    else if ((levels & Level.message) !== 0) this.#addMessage(record);
  }

  #addMessage(record: TimelineRecord): void {
    if (this.#closed || record.direction === Direction.none) return;
    if (record.direction !== this.#ours) {
      this.#push(record, { expect: recordedMatch(this.#session, record) });
      return;
    }
    const send = this.#names.of(recordedContent(this.#session, record));
    const method = this.#methods.get(record.stream);
    this.#push(record, { send, ...(method !== undefined && { method }) });
  }

  #addOfCall(record: TimelineRecord): void {
    const { type, stream, direction, flags, seq } = record;
    const isClient = this.#ours === Direction.clientToServer;
    if (type === GrpcType.message) this.#addMessage(record);
    if (!isClient) return;
    if (type === GrpcType.call) {
      const method = this.#methodOf(seq);
      const { grpc } = this.#session.config;
      if (method !== undefined && method !== grpc?.method?.replace(/^\//, '')) this.#methods.set(stream, method);
      return;
    }
    if (type === GrpcType.reset && direction === this.#ours) this.#push(record, 'cancel');
    else if (type === GrpcType.status || type === GrpcType.reset) {
      const code = statusOf(flags);
      if (code !== undefined) this.#push(record, { expect: { status: STATUS_NAMES[code] ?? code } });
    }
  }

  #addEndOfStreaming(record: TimelineRecord): void {
    if (record.direction !== this.#ours || this.#ours !== Direction.clientToServer) return;
    const ends = (wireFlagsOf(record.flags) & FrameFlag.endStream) !== 0;
    if (ends && this.#streaming.has(record.stream)) this.#push(record, 'endStreaming');
  }

  #methodOf(seq: number): string | undefined {
    const { capture, schema } = this.#session;
    const path = headersOf(capture.view(seq))?.items.find(({ name }) => name === ':path');
    if (!path) return undefined;
    const method = headerText(path.value).replace(/^\//, '');
    if (schema?.types.method(method)?.clientStreaming) this.#streaming.add(capture.record(seq).stream);
    return method;
  }

  /** What follows the first close frame is its echo. */
  #addClose(record: TimelineRecord): void {
    if (this.#closed) return;
    this.#closed = true;
    const subject = subjectOf(this.#session.capture, record.seq);
    const read = (name: string) => subject && fieldReader(`websocket.payload.close.${name}`)?.(subject)[0];
    const [code, reason] = [read('status_code'), read('reason')];
    if (record.direction === this.#ours)
      this.#push(record, { close: { ...(code && { code: Number(code) }), ...(reason && { reason }) } });
    else this.#push(record, { expect: { status: code ? Number(code) : 1005 } });
  }

  #push({ at, stream }: TimelineRecord, step: Step): void {
    const moments = this.#streams.get(stream) ?? [];
    if (moments.length === 0) this.#streams.set(stream, moments);
    moments.push({ at, step });
    this.steps += 1;
  }
}

/** Steps with the pauses before what we did, and more time for answers that were slow. */
function withWaits(moments: readonly Moment[]): Step[] {
  return moments.flatMap(({ at, step }, index): Step[] => {
    const before = moments[index - 1];
    const gapMs = before ? (at - before.at) / 1000 : 0;
    if (typeof step === 'object' && 'expect' in step) {
      if (gapMs <= SLOW_ANSWER_MS) return [step];
      return [{ expect: { ...step.expect, within: `${Math.ceil((gapMs * 2) / 1000)}s` } }];
    }
    if (gapMs <= WAIT_FROM_MS) return [step];
    const waitMs = Math.min(MAX_WAIT_MS, Math.round(gapMs / WAIT_STEP_MS) * WAIT_STEP_MS);
    return [{ wait: `${waitMs}ms` }, step];
  });
}
