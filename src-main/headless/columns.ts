// The columns `wirescope read` can print of a record: a few of our own, and every field under Wireshark's name. A
// column knows whether the record's numbers are enough, because reading bytes is a hundred times slower.
import type { Capture } from '../capture/capture.ts';
import { protocolById, protocols } from '../core/dissect/registry.ts';
import type { Field } from '../core/field.ts';
import { directionName, type TimelineRecord } from '../core/record.ts';
import { fieldTexts, valueText } from '../engine/field-text.ts';
import { isoTime } from '../engine/iso-time.ts';
import { UsageError } from './usage.ts';

/** Bytes a field may be read from. */
const DETAIL_LIMIT_BYTES = 1024 * 1024;

/** A record with what is read of it, at most once, when a column asks. */
export interface Subject {
  readonly record: TimelineRecord;
  readonly summary: string;
  readonly fields: readonly Field[];
}

export interface Column {
  name: string;
  /** Of a number in JSON: a number. */
  value(subject: Subject): string | number;
}

const OWN: { readonly [name: string]: Column['value'] } = {
  seq: ({ record }) => record.seq,
  at: ({ record }) => record.at,
  time: ({ record }) => isoTime(record.at),
  connection: ({ record }) => record.connection,
  stream: ({ record }) => record.stream,
  protocol: ({ record }) => protocolById(record.protocol)?.name ?? '',
  kind: ({ record }) => protocolById(record.protocol)?.types[record.type] ?? '',
  direction: ({ record }) => directionName(record.direction),
  size: ({ record }) => record.size,
  length: ({ record }) => record.length,
  summary: ({ summary }) => summary,
  'frame.time_epoch': ({ record }) => (record.at / 1_000_000).toFixed(9),
};

export const DEFAULT_COLUMNS = ['seq', 'time', 'direction', 'kind', 'length', 'summary'];
/** What every JSON line has. */
export const JSON_COLUMNS = ['seq', 'at', 'connection', 'stream', 'kind', 'direction', 'length', 'summary'];

const FIELD_NAMES = new Set(protocols.flatMap(({ fields }) => fields.map(({ name }) => name)));

/** Throws a UsageError for a name that is none. */
export function columnNamed(name: string): Column {
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own) return { name, value: own };
  if (FIELD_NAMES.has(name)) return { name, value: (subject) => fieldValue(subject, name) };
  throw new UsageError(`There is no field ${JSON.stringify(name)}.${similar(name)}`);
}

/** Values of a field, joined by commas as tshark does; '' if the record has none. */
function fieldValue(subject: Subject, name: string): string {
  const protocol = protocolById(subject.record.protocol);
  const quick = protocol?.quick?.[name];
  if (quick) {
    const value = quick(subject.record);
    return value === undefined ? '' : valueText(value);
  }
  if (!protocol?.fields.some((field) => field.name === name)) return '';
  return fieldTexts(subject.fields, name).join(',');
}

export function subjectOf(capture: Capture, record: TimelineRecord): Subject {
  let fields: readonly Field[] | undefined;
  return {
    record,
    get summary() {
      return capture.summary(record.seq);
    },
    get fields() {
      fields ??= capture.detail(record.seq, DETAIL_LIMIT_BYTES).fields;
      return fields;
    },
  };
}

function similar(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const found = [...FIELD_NAMES].filter((known) => last !== '' && known.includes(last)).slice(0, 5);
  return found.length > 0 ? ` Did you mean ${found.join(', ')}?` : '';
}
