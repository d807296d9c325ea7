// A record as the timeline draws it, and the worst of its notes.
import type { Row } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import { EVENT_SEVERITIES } from '../../capture/index/capture-index.ts';
import { EVENT_ID } from '../../core/dissect/event.ts';
import { protocolById } from '../../core/dissect/registry.ts';
import type { NoteDefinition, Severity } from '../../core/field.ts';
import { Level, type LevelName, type TimelineRecord } from '../../core/record.ts';
import { problem } from '../problem.ts';

const LEVEL_NAMES = Object.keys(Level) as LevelName[];

/** Level names for every combination of bits, shared by all rows. */
const LEVELS: readonly (readonly LevelName[])[] = Array.from({ length: 8 }, (_, bits) =>
  LEVEL_NAMES.filter((name) => bits & Level[name]),
);

/** Throws a ProblemError where there is no record `seq`. */
export function rowOf(capture: Capture, seq: number): Row {
  const record = recordAt(capture, seq);
  const protocol = protocolById(record.protocol);
  const notes = notesOf(record);
  const severity = record.protocol === EVENT_ID ? EVENT_SEVERITIES[record.flags] : worst(notes);
  const { at, connection, direction, size, length } = record;
  const call = capture.call(seq);
  const callSeq = capture.callOf(seq);
  return {
    seq,
    at,
    connection,
    direction,
    protocol: protocol?.name ?? '',
    kind: protocol?.types[record.type] ?? '',
    levels: LEVELS[record.levels & 7]!,
    size,
    length,
    summary: capture.summary(seq),
    ...(severity && { severity }),
    notes: notes.length,
    ...(call && { call }),
    ...(callSeq !== undefined && { callSeq }),
  };
}

/** Throws a ProblemError for a seq the capture does not have. */
export function recordAt(capture: Capture, seq: number): TimelineRecord {
  if (seq >= capture.count) {
    throw problem(`There is no record ${seq} in this capture.`, { why: `It has ${capture.count}.`, code: 'NO_RECORD' });
  }
  return capture.record(seq);
}

/** The notes a record carries, in the order its protocol lists them. */
export function notesOf(record: TimelineRecord): NoteDefinition[] {
  if (record.notes === 0) return [];
  const definitions = protocolById(record.protocol)?.notes ?? [];
  return definitions.filter((_, bit) => (record.notes >>> bit) & 1);
}

const RANK: { [severity in Severity]: number } = { info: 1, warning: 2, error: 3 };

function worst(notes: readonly NoteDefinition[]): Severity | undefined {
  let found: Severity | undefined;
  for (const { severity } of notes) if (!found || RANK[severity] > RANK[found]) found = severity;
  return found;
}
