// Field names → where their values come from: the record's numbers (cheap), or its detail (made from bytes).

import { EVENT_ID } from '../dissect/event.ts';
import { UDP_ID } from '../dissect/udp.ts';
import type { Detail, Field, FieldDefinition, FieldValue } from '../field.ts';
import type { Protocol } from '../protocol.ts';
import { directionName, Level, type LevelName, recordNumber, type TimelineRecord } from '../record.ts';
import type { FilterSubject } from './subject.ts';

/** A value as filters compare it; of a bytes field, the bytes it was read from. */
export type FilterValue = FieldValue | Uint8Array;

/** Asked value by value; true ends the asking. */
export type Test = (value: FilterValue) => boolean;

/** A field as a filter reads it. */
export interface FieldReader {
  definition: FieldDefinition;
  /** Reads the record's numbers only. */
  fromRecord: boolean;
  /** Whether the subject has the field, where that is cheaper to tell than its values. */
  exists?: { fromRecord: boolean; holds(subject: FilterSubject): boolean };
  /** Whether a value of the subject's field passes; false if it has none. */
  some(subject: FilterSubject, test: Test): boolean;
  /** Other spellings of values that a person may use. */
  spelling?: (text: string) => string;
}

function single(
  name: string,
  label: string,
  type: FieldDefinition['type'],
  read: (record: TimelineRecord, protocol: Protocol) => FieldValue | undefined,
): FieldReader {
  return {
    definition: { name, label, type },
    fromRecord: true,
    some({ record, protocol }, test) {
      const value = read(record, protocol);
      return value !== undefined && test(value);
    },
  };
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
const LEVEL_NAMES = Object.keys(Level) as LevelName[];

function notesOf(record: TimelineRecord, protocol: Protocol) {
  return record.notes === 0 ? [] : protocol.notes.filter((_, bit) => (record.notes >>> bit) & 1);
}

/** Fields every record has, whatever its protocol. */
const RECORD_FIELDS: readonly FieldReader[] = [
  single('frame.number', 'Number', 'number', (record) => recordNumber(record.seq)),
  single('frame.len', 'Length on the wire', 'number', (record) => record.length),
  single('frame.time_epoch', 'Seconds since 1970', 'number', (record) => record.at / 1e6),
  single('tcp.stream', 'TCP connection, from 0', 'number', (record) =>
    overTcp(record) && record.connection > 0 ? record.connection - 1 : undefined,
  ),
  single('udp.stream', 'UDP conversation, from 0', 'number', (record) =>
    record.protocol === UDP_ID ? record.connection - 1 : undefined,
  ),
  single('wirescope.connection', 'Connection, from 1', 'number', ({ connection }) => connection || undefined),
  {
    ...single('wirescope.direction', 'Direction', 'string', (record) => directionName(record.direction) || undefined),
    spelling: directionSpelling,
  },
  single('wirescope.kind', 'Kind', 'string', (record, protocol) => protocol.types[record.type]),
  single('wirescope.protocol', 'Protocol', 'string', (_, protocol) => protocol.name),
  single('wirescope.size', 'Size for the application', 'number', (record) => record.size),
  single('wirescope.notes', 'Number of notes', 'number', (...of) => notesOf(...of).length || undefined),
  {
    definition: { name: 'wirescope.severity', label: 'Severity of the event or the worst note', type: 'string' },
    fromRecord: false,
    some: severity,
  },
  {
    definition: { name: 'wirescope.note', label: 'Text of a note', type: 'string' },
    fromRecord: true,
    some: ({ record, protocol }, test) => notesOf(record, protocol).some((note) => test(note.text)),
  },
  {
    definition: { name: 'wirescope.level', label: 'Level', type: 'string' },
    fromRecord: true,
    some: ({ record }, test) => LEVEL_NAMES.some((name) => (record.levels & Level[name]) !== 0 && test(name)),
  },
];

/** An event says in its detail how severe it is, any other record by its notes. */
function severity(subject: FilterSubject, test: Test): boolean {
  const { record, protocol } = subject;
  if (record.protocol === EVENT_ID) {
    return someNamed(subject.detail().fields, 'wirescope.event.severity', (field) => test(field.value));
  }
  const notes = notesOf(record, protocol);
  const worst = SEVERITIES.find((each) => notes.some((note) => note.severity === each));
  return worst !== undefined && test(worst);
}

/** Any record, and its bytes. */
const FRAME: FieldDefinition = { name: 'frame', label: 'Record', type: 'bytes' };

/** `client->server`, and the sender alone. */
function directionSpelling(text: string): string {
  const spelled = text.replace('->', '→');
  if (spelled === 'client') return 'client→server';
  return spelled === 'server' ? 'server→client' : spelled;
}

/** Every protocol but UDP rides on TCP; an event rides on nothing. */
function overTcp(record: TimelineRecord): boolean {
  return record.protocol !== UDP_ID && record.protocol !== EVENT_ID;
}

/** All names a filter may use with these protocols, each once, for completion and for help. */
export function filterFields(protocols: readonly Protocol[]): FieldDefinition[] {
  const layers = protocols.map(({ name, label }): FieldDefinition => ({ name, label, type: 'bytes' }));
  const own = RECORD_FIELDS.map((reader) => reader.definition);
  const named = new Map<string, FieldDefinition>();
  for (const field of [FRAME, ...layers, ...own, ...protocols.flatMap((protocol) => protocol.fields)]) {
    if (!named.has(field.name)) named.set(field.name, field);
  }
  return [...named.values()];
}

/** Looks names up among the record's own fields and those of the given protocols. */
export class Catalog {
  readonly #protocols: readonly Protocol[];
  readonly #readers = new Map<string, FieldReader>();

  constructor(protocols: readonly Protocol[]) {
    this.#protocols = protocols;
    for (const reader of RECORD_FIELDS) this.#readers.set(reader.definition.name, reader);
    this.#readers.set(
      'frame',
      layerReader('frame', 'Record', () => true),
    );
    for (const { name, label, id } of protocols) {
      const isThere = name === 'tcp' ? overTcp : (record: TimelineRecord) => record.protocol === id;
      this.#readers.set(name, layerReader(name, label, isThere));
    }
  }

  /** The reader of a field, or undefined if no protocol has it. */
  reader(name: string): FieldReader | undefined {
    const known = this.#readers.get(name);
    if (known) return known;
    const owners = this.#protocols.filter(({ fields }) => fields.some((field) => field.name === name));
    if (owners.length === 0) return undefined;
    const reader = protocolReader(name, owners);
    this.#readers.set(name, reader);
    return reader;
  }

  /** The known name that is most like the given one, if any is. */
  nearest(name: string): string | undefined {
    let best: string | undefined;
    let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
    for (const { name: known } of filterFields(this.#protocols)) {
      const distance = editDistance(name.toLowerCase(), known.toLowerCase(), bestDistance);
      if (distance < bestDistance) [best, bestDistance] = [known, distance];
    }
    return best;
  }
}

/** A protocol by its name: its bytes in every form they have (wire, unmasked, inflated). */
function layerReader(name: string, label: string, isThere: (record: TimelineRecord) => boolean): FieldReader {
  return {
    definition: { name, label, type: 'bytes' },
    fromRecord: false,
    exists: { fromRecord: true, holds: (subject) => isThere(subject.record) },
    some: (subject, test) =>
      isThere(subject.record) &&
      subject.detail().sources.some((source) => source.bytes.length > 0 && test(source.bytes)),
  };
}

function protocolReader(name: string, owners: readonly Protocol[]): FieldReader {
  const definition = owners[0]!.fields.find((field) => field.name === name)!;
  const quick = new Map<number, (record: TimelineRecord) => FieldValue | undefined>();
  const slow = new Set<number>();
  for (const { id, quick: readers } of owners) {
    const read = readers && Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read) quick.set(id, read);
    else slow.add(id);
  }
  return {
    definition,
    fromRecord: slow.size === 0,
    some(subject, test) {
      const { record } = subject;
      const read = quick.get(record.protocol);
      if (read) {
        const value = read(record);
        return value !== undefined && test(value);
      }
      if (!slow.has(record.protocol)) return false;
      const detail = subject.detail();
      return someNamed(detail.fields, name, (field) => test(filterValue(field, definition, detail)));
    },
  };
}

function someNamed(fields: readonly Field[], name: string, test: (field: Field) => boolean): boolean {
  return fields.some(
    (field) =>
      (field.name === name && test(field)) || (field.children !== undefined && someNamed(field.children, name, test)),
  );
}

function filterValue(field: Field, { type }: FieldDefinition, { sources }: Detail): FilterValue {
  if (type !== 'bytes' || field.length === 0) return field.value;
  const source = sources[field.source ?? 0];
  return source ? source.bytes.subarray(field.start, field.start + field.length) : field.value;
}

/** Levenshtein distance, or `limit` if it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return Math.min(limit, previous[b.length]!);
}
