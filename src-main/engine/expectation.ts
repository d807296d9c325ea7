// Waits for what a script expects of the traffic. Reads records from the capture, so that what it sees is what the
// timeline shows. Each direction has a cursor: what an expectation took, and all before it, later ones do not see.
import type { Capture } from '../capture/capture.ts';
import { Opcode, WEBSOCKET_ID } from '../core/dissect/websocket-format.ts';
import { compileMatch } from '../core/match.ts';
import { Direction, type DirectionName, Level, type TimelineRecord } from '../core/record.ts';
import { durationMs, type Step } from '../core/session-config.ts';
import { fieldReader, nearestField, subjectOf } from './field-reader.ts';
import { problem } from './problem.ts';
import { Slices } from './slices.ts';

export type Expect = Extract<Step, { expect: unknown }>['expect'];

export interface WatchedPeer {
  readonly capture: Capture;
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
type Judge = (capture: Capture, record: TimelineRecord) => string | undefined;

/** An expectation made ready. */
interface Compiled {
  /** Whether a record is of the kind it is about. */
  concerns(record: TimelineRecord): boolean;
  judges: Judge[];
  /** The end of the connection meets it. */
  metByEnd: boolean;
}

/**
 * Makes an expectation ready.
 * @throws PatternError, ContentError, ProblemError for conditions that cannot be judged
 */
export function compileExpectation({ field, status, direction, count, within, ...match }: Expect): Compiled {
  const judges: Judge[] = [];
  if (status !== undefined) judges.push(closesWith(String(status)));
  if (field !== undefined) judges.push(hasFields(field));
  if (Object.keys(match).length > 0) judges.push(matches(match));
  // A field or a status may be of any frame; other conditions are about messages.
  const levels = status === undefined && field === undefined ? Level.message : Level.frame | Level.message;
  return {
    concerns: (record) => (record.levels & levels) !== 0,
    judges,
    metByEnd: status === 'closed' || String(status) === NO_CLOSE_FRAME,
  };
}

export class MessageWatch {
  readonly #peer: WatchedPeer;
  /** Next seq that is not consumed, for each direction. */
  readonly #cursors = new Map<Direction, number>();

  constructor(peer: WatchedPeer) {
    this.#peer = peer;
  }

  /** Resolves when it holds; rejects with a ProblemError when it cannot any more or the time is up. */
  async expect(expectation: Expect): Promise<void> {
    const { capture } = this.#peer;
    const direction = directionOf(expectation.direction ?? this.#peer.incoming);
    const { concerns, judges, metByEnd } = compileExpectation(expectation);
    const wanted = expectation.count ?? 1;
    const withinMs = expectation.within === undefined ? DEFAULT_WITHIN_MS : durationMs(expectation.within);
    const slices = new Slices(withinMs);
    let next = this.#cursors.get(direction) ?? 0;
    let taken = 0;
    let difference: string | undefined;
    for (;;) {
      // Asked before looking: what arrives together with the end counts.
      const { closed } = this.#peer;
      for (; next < capture.count; next += 1) {
        if (slices.due) await slices.pause();
        const record = capture.record(next);
        if (record.direction !== direction || !this.#isMine(record) || !concerns(record)) continue;
        difference = firstOf(judges, capture, record);
        if (difference === undefined) taken += 1;
        if (taken < wanted) continue;
        this.#cursors.set(direction, next + 1);
        return;
      }
      if (closed !== this.#peer.closed) continue;
      if (closed && metByEnd) return;
      if (closed || slices.exhausted) {
        const when = closed ? 'before the connection ended' : `within ${withinMs} ms`;
        throw unmet(expectation, when, taken, difference);
      }
      await this.#change(slices.leftMs);
    }
  }

  #isMine(record: TimelineRecord): boolean {
    return this.#peer.connection === undefined || record.connection === this.#peer.connection;
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

function firstOf(judges: readonly Judge[], capture: Capture, record: TimelineRecord): string | undefined {
  for (const judge of judges) {
    const difference = judge(capture, record);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function matches(match: Parameters<typeof compileMatch>[0]): Judge {
  const matcher = compileMatch(match);
  return (capture, { seq }) => {
    const payload = capture.payload(seq, PAYLOAD_LIMIT_BYTES);
    return payload ? matcher(payload.bytes) : 'The record has no payload.';
  };
}

function closesWith(status: string): Judge {
  const readCode = fieldReader('websocket.payload.close.status_code');
  return (capture, { seq, protocol, type, levels }) => {
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
  return (capture, { seq }) => {
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
