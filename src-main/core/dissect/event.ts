// What happened to a session, as a protocol like the others: its records are lifecycle events, whose JSON the capture
// keeps beside the index.
import { EVENT_TYPES, type LifecycleEvent } from '../event.ts';
import type { Detail, Field, FieldDefinition } from '../field.ts';
import { oneLine, shorten } from '../payload/preview.ts';
import type { Protocol, RecordView } from '../protocol.ts';
import { utf8 } from './bytes.ts';

/** Stored in the index; see Protocol.id. */
export const EVENT_ID = 0;

const MAX_SUMMARY_CHARS = 200;
/** An event is a few lines; more than this is not read. */
const MAX_EVENT_BYTES = 1_048_576;

const definitions: readonly FieldDefinition[] = [
  { name: 'wirescope.event', label: 'Event', type: 'string' },
  { name: 'wirescope.event.type', label: 'Type', type: 'string' },
  { name: 'wirescope.event.severity', label: 'Severity', type: 'string' },
  { name: 'wirescope.event.text', label: 'Text', type: 'string' },
  { name: 'wirescope.event.field', label: 'Value', type: 'string' },
  { name: 'wirescope.event.problem', label: 'Problem', type: 'string' },
  { name: 'wirescope.event.problem.why', label: 'Why', type: 'string' },
  { name: 'wirescope.event.problem.next', label: 'Next', type: 'string' },
  { name: 'wirescope.event.problem.code', label: 'Code', type: 'string' },
  { name: 'wirescope.event.problem.details', label: 'Details', type: 'string' },
];

/** Its views give the UTF-8 JSON of a LifecycleEvent as derived bytes (or, without those, as their own). */
export const eventProtocol: Protocol = {
  id: EVENT_ID,
  name: 'event',
  label: 'Event',
  types: EVENT_TYPES,
  notes: [],
  fields: definitions,
  summary: (view) => shorten(oneLine(readEvent(view)?.text ?? ''), MAX_SUMMARY_CHARS),
  detail,
  payload: () => undefined,
};

/** The event, or undefined if a damaged capture file holds something else. */
export function readEvent(view: RecordView): Partial<LifecycleEvent> | undefined {
  const bytes = view.derived(MAX_EVENT_BYTES) ?? view.bytes(MAX_EVENT_BYTES);
  try {
    const value: unknown = JSON.parse(utf8(bytes));
    if (typeof value !== 'object' || value === null) return undefined;
    const event = value as Partial<LifecycleEvent>;
    return typeof event.text === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

function detail(view: RecordView): Detail {
  const event = readEvent(view);
  if (!event) return { fields: [], sources: [] };
  const children: Field[] = [
    field('wirescope.event.type', 'Type', event.type),
    field('wirescope.event.severity', 'Severity', event.severity),
    field('wirescope.event.text', 'Text', event.text),
  ];
  if (typeof event.fields === 'object' && event.fields !== null) {
    for (const [name, value] of Object.entries(event.fields)) {
      children.push(field('wirescope.event.field', name.charAt(0).toUpperCase() + name.slice(1), value));
    }
  }
  if (typeof event.problem === 'object' && event.problem !== null) {
    const { what, why, next, code, details } = event.problem;
    const problem = field('wirescope.event.problem', 'Problem', what);
    problem.children = [];
    if (why) problem.children.push(field('wirescope.event.problem.why', 'Why', why));
    if (next) problem.children.push(field('wirescope.event.problem.next', 'Next', next));
    if (code) problem.children.push(field('wirescope.event.problem.code', 'Code', code));
    if (details) problem.children.push(field('wirescope.event.problem.details', 'Details', details));
    children.push(problem);
  }
  return { fields: [{ ...field('wirescope.event', 'Event', event.text), children }], sources: [] };
}

/** Values come from a file, so they may be anything. */
function field(name: string, label: string, value: unknown): Field {
  const plain = typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? '');
  return { name, label: shorten(oneLine(label), MAX_SUMMARY_CHARS), value: plain, start: 0, length: 0 };
}
