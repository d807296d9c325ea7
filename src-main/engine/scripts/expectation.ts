// Waits for what a script expects of the traffic. Reads records from the capture, so that what it sees is what the
// timeline shows. Each direction has a cursor: what an expectation took, and all before it, later ones do not see.
import type { Capture } from '../../capture/capture.ts';
import { ContentError } from '../../core/compose/content-error.ts';
import { Opcode, WEBSOCKET_ID } from '../../core/dissect/websocket/format.ts';
import type { CallState } from '../../core/grpc-call.ts';
import { compileMatch, type Matcher } from '../../core/match.ts';
import { PatternError } from '../../core/pattern.ts';
import { Direction, type DirectionName, Level, type TimelineRecord } from '../../core/record.ts';
import { durationMs, type Match, type ProtocolName, type Step } from '../../core/session-config.ts';
import { statusCode, statusLabel } from '../../endpoints/grpc/status.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { messageJson } from '../message-json.ts';
import { problem } from '../problem.ts';
import { Slices } from '../session/slices.ts';
import { capturedValues } from './captured-values.ts';
import { fieldReader, nearestField, subjectOf } from './field-reader.ts';
import { hasHeaders, headersBetween, metadataDifference, streamHeaders } from './header-expectation.ts';

export type Expect = Extract<Step, { expect: unknown }>['expect'];

export interface WatchedPeer {
  readonly protocol: ProtocolName;
  readonly capture: Capture;
  /** gRPC: calls, those that have ended too. */
  readonly calls: readonly CallState[];
  /** Message types that are known. */
  readonly schema: LoadedSchema | undefined;
  /** Its connection, if the capture holds those of others too. */
  readonly connection?: number;
  /** What it sends. */
  readonly incoming: DirectionName;
  /** Nothing more can come from it. */
  readonly closed: boolean;
  /** Calls back after records were added or `closed` changed. Returns its undoing. */
  onChange(listener: () => void): () => void;
}

const DEFAULT_WITHIN_MS = 5000;
/** What a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const PAYLOAD_LIMIT_BYTES = 64 * 1024 * 1024;

/** RFC 6455 §7.1.5: the codes that stand for a close frame without one, and for no close frame at all. */
const NO_STATUS = '1005';
const NO_CLOSE_FRAME = '1006';

/** What keeps a record from being the expected one, as a sentence; undefined if it is the one. */
export type Judge = (peer: Pick<WatchedPeer, 'capture' | 'schema'>, record: TimelineRecord) => string | undefined;

/** An expectation made ready. */
interface Compiled {
  /** Whether a record is of the kind it is about. */
  concerns(record: TimelineRecord): boolean;
  judges: Judge[];
  /** The code that a gRPC call must have ended with; then the rest is about records of no kind. */
  callStatus?: number;
  /** The end of the connection meets it. */
  metByEnd: boolean;
}

/**
 * Makes an expectation ready.
 * @throws ProblemError for conditions that cannot be judged
 */
export function compileExpectation(expectation: Expect, protocol: ProtocolName): Compiled {
  const { field, status, metadata, direction, count, within, capture, ...match } = expectation;
  const isAboutMessage = Object.keys(match).length > 0;
  const judges: Judge[] = [];
  const metByEnd = status === 'closed' || String(status) === NO_CLOSE_FRAME;
  if (capture && (status !== undefined || metadata !== undefined)) throw twoSteps();
  if (status !== undefined && protocol === 'grpc' && !metByEnd) {
    if (isAboutMessage || field !== undefined) throw twoSteps();
    return { callStatus: statusCode(status), concerns: () => false, judges, metByEnd };
  }
  if (status !== undefined) judges.push(closesWith(String(status)));
  if (field !== undefined) judges.push(hasFields(field));
  if (isAboutMessage) judges.push(matches(match));
  if (metadata !== undefined) {
    if (isAboutMessage) throw twoSteps();
    judges.push(({ capture }, record) =>
      hasHeaders(capture, record) ? metadataDifference(capture, metadata, streamHeaders(capture, record)) : '',
    );
  }
  // A status or metadata may be of any frame, a field of the call and its end too; other conditions are about messages.
  const isAboutFrame = !capture && (status !== undefined || field !== undefined || metadata !== undefined);
  const events = field === undefined ? 0 : Level.event;
  const levels = isAboutFrame ? Level.frame | Level.message | events : Level.message;
  return { concerns: (record) => (record.levels & levels) !== 0, judges, metByEnd };
}

function twoSteps() {
  return problem('A status or metadata and what a message says are two expectations.', {
    next: 'Write them as two steps, the message first.',
  });
}

export class MessageWatch {
  readonly #peer: WatchedPeer;
  /** Next seq that is not consumed, for each direction. */
  readonly #cursors = new Map<Direction, number>();
  /** Numbers of ended calls that were consumed. */
  readonly #ended = new Set<number>();

  /** `from`: records before this one, and calls that have ended by now, are none of its business. */
  constructor(peer: WatchedPeer, from = 0) {
    this.#peer = peer;
    if (from === 0) return;
    for (const direction of [Direction.clientToServer, Direction.serverToClient]) this.#cursors.set(direction, from);
    for (const { call } of this.#endedCalls()) this.#ended.add(call);
  }

  /**
   * Resolves when it holds, with the values it captures by the names of their variables; rejects with a ProblemError when
   * it cannot any more, the time is up, or there is nothing at a path it captures from.
   */
  async expect(expectation: Expect): Promise<ReadonlyMap<string, string>> {
    const { capture } = this.#peer;
    const direction = directionOf(expectation.direction ?? this.#peer.incoming);
    const compiled = compileExpectation(expectation, this.#peer.protocol);
    const { concerns, judges, metByEnd } = compiled;
    if (compiled.callStatus !== undefined) {
      await this.#expectCallStatus(expectation, compiled.callStatus);
      return new Map();
    }
    const wanted = expectation.count ?? 1;
    const withinMs = expectation.within === undefined ? DEFAULT_WITHIN_MS : durationMs(expectation.within);
    const slices = new Slices(withinMs);
    let next = this.#cursors.get(direction) ?? 0;
    let taken = 0;
    let difference: string | undefined;
    for (;;) {
      // Asked before looking: what arrives together with the end counts.
      const ending = this.#ending();
      for (; next < capture.count; next += 1) {
        if (slices.due) await slices.pause();
        const record = capture.record(next);
        if (record.direction !== direction || !this.#isMine(record) || !concerns(record)) continue;
        difference = firstOf(judges, this.#peer, record);
        if (difference === undefined) taken += 1;
        if (taken < wanted) continue;
        this.#cursors.set(direction, next + 1);
        return capturedValues(this.#peer, record.seq, expectation.capture ?? {});
      }
      if (ending !== this.#ending()) continue;
      if (this.#peer.closed && metByEnd) return new Map();
      if (ending || slices.exhausted) throw unmet(expectation, ending ?? `within ${withinMs} ms`, taken, difference);
      await this.#change(slices.leftMs);
    }
  }

  /** Consumes the first call that ended so, and all that was recorded up to its end. */
  async #expectCallStatus(expectation: Expect, code: number): Promise<void> {
    const { count: wanted = 1, metadata = {} } = expectation;
    const withinMs = expectation.within === undefined ? DEFAULT_WITHIN_MS : durationMs(expectation.within);
    const slices = new Slices(withinMs);
    let taken = 0;
    let difference: string | undefined;
    for (;;) {
      const ending = this.#ending();
      const { capture } = this.#peer;
      for (const { call, connection, startedAt, ended } of this.#endedCalls()) {
        this.#ended.add(call);
        const direction = Direction.serverToClient;
        const headers = headersBetween(capture, { connection, direction }, startedAt, ended.at);
        difference = statusDifference(code, ended) ?? metadataDifference(capture, metadata, headers);
        if (difference === undefined) taken += 1;
        if (taken < wanted) continue;
        this.#consumeUntil(ended.at);
        return;
      }
      if (ending !== this.#ending()) continue;
      if (ending || slices.exhausted) throw unmet(expectation, ending ?? `within ${withinMs} ms`, taken, difference);
      await this.#change(slices.leftMs);
    }
  }

  /** Calls of this peer that have ended and were not consumed, in the order they ended. */
  #endedCalls() {
    return this.#peer.calls
      .flatMap(({ ended, ...call }) => (ended && !this.#ended.has(call.call) ? [{ ...call, ended }] : []))
      .filter((call) => this.#isMine(call))
      .sort((a, b) => a.ended.at - b.ended.at);
  }

  /** What nothing more can come after, to follow “nothing came”; undefined while something can. */
  #ending(): string | undefined {
    const { closed, calls, incoming } = this.#peer;
    if (closed) return 'before the connection ended';
    // A client's script runs step by step: while it waits, no new call begins.
    const isOver = incoming === 'server→client' && calls.length > 0 && calls.every(({ ended }) => ended);
    if (!isOver) return undefined;
    const last = calls.reduce((one, other) => (other.call > one.call ? other : one));
    return `before the call ended with ${statusLabel(last.ended!.code)}${last.ended!.message && `: ${last.ended!.message}`}`;
  }

  #consumeUntil(at: number): void {
    const { capture } = this.#peer;
    for (const direction of [Direction.clientToServer, Direction.serverToClient]) {
      let next = this.#cursors.get(direction) ?? 0;
      while (next < capture.count && capture.record(next).at <= at) next += 1;
      this.#cursors.set(direction, next);
    }
  }

  #isMine({ connection }: { connection: number }): boolean {
    return this.#peer.connection === undefined || connection === this.#peer.connection;
  }

  #change(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        undo();
        resolve();
      };
      const timer = setTimeout(done, Math.min(limitMs, MAX_TIMER_MS));
      const undo = this.#peer.onChange(done);
    });
  }
}

function directionOf(name: DirectionName): Direction {
  return name === 'client→server' ? Direction.clientToServer : Direction.serverToClient;
}

function statusDifference(wanted: number, { code, message }: { code: number; message: string }): string | undefined {
  if (code === wanted) return undefined;
  return `It ended with ${statusLabel(code)}${message && `: ${message}`}.`;
}

function firstOf(judges: readonly Judge[], peer: WatchedPeer, record: TimelineRecord): string | undefined {
  for (const judge of judges) {
    const difference = judge(peer, record);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Of a gRPC message whose type is known, all but `hex` is about its JSON. */
function matches({ hex, ...readable }: Match): Judge {
  const readableMatcher = matcherOf(readable);
  const bytesMatcher = matcherOf(hex === undefined ? {} : { hex });
  return ({ capture, schema }, record) => {
    const payload = capture.payload(record.seq, PAYLOAD_LIMIT_BYTES);
    if (!payload) return 'The record has no payload.';
    const decoded = schema && messageJson(payload, schema);
    const bytes = decoded ? new TextEncoder().encode(JSON.stringify(decoded.json)) : payload.bytes;
    return readableMatcher(bytes) ?? bytesMatcher(payload.bytes);
  };
}

function matcherOf(match: Match): Matcher {
  try {
    return compileMatch(match);
  } catch (error) {
    if (error instanceof ContentError || error instanceof PatternError) throw problem(error.message);
    throw error;
  }
}

function closesWith(status: string): Judge {
  const readCode = fieldReader('websocket.payload.close.status_code');
  return ({ capture }, { seq, protocol, type, levels }) => {
    if (protocol !== WEBSOCKET_ID || type !== Opcode.close || (levels & Level.frame) === 0) return '';
    const subject = subjectOf(capture, seq);
    const code = (subject && readCode?.(subject)[0]) ?? NO_STATUS;
    return code === status ? undefined : `It was closed with ${code}.`;
  };
}

function hasFields(wanted: NonNullable<Expect['field']>): Judge {
  const fields = Object.entries(wanted).map(([name, value]) => ({
    name,
    read: requireField(name),
    text: booleanAsNumber(value),
  }));
  return ({ capture }, { seq }) => {
    const subject = subjectOf(capture, seq);
    for (const { name, read, text } of fields) {
      const found = subject ? read(subject) : [];
      if (!found.includes(text)) return `Expected ${name} ${text}, got ${found.join(', ') || 'none'}.`;
    }
    return undefined;
  };
}

function requireField(name: string) {
  const read = fieldReader(name);
  if (read) return read;
  const near = nearestField(name);
  throw problem(`There is no field ${JSON.stringify(name)}.${near ? ` Did you mean ${near}?` : ''}`);
}

function booleanAsNumber(value: string | number | boolean): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}

function unmet({ count, status }: Expect, when: string, taken: number, difference: string | undefined) {
  const why = difference ?? '';
  if (status !== undefined) return problem(`There was no ${status} ${when}.`, { why });
  if (count !== undefined) return problem(`There were only ${taken} of ${count} ${when}.`, { why });
  if (!difference) return problem(`Nothing came ${when}.`);
  return problem(`Nothing fitting came ${when}; this was the last:`, { why });
}
