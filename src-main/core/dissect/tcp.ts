// TCP without a protocol of its own: the byte stream cut into messages by a framing a person chose. Records are ranges
// of the stream; no message byte is kept. How a message is framed rides in the record's flags, for the looking path.
import type { Detail, Field, NoteDefinition } from '../field.ts';
import { hexPreview, previewOf } from '../payload/preview.ts';
import type { Dissector, Framing, Payload, Protocol, RecordSink, RecordView } from '../protocol.ts';
import { Direction, Level, type TimelineRecord } from '../record.ts';
import { noteBits } from './note-bits.ts';
import { type CutFault, type CutKind, type Cutter, openCutter, readUnsigned } from './tcp-framing.ts';

/** Stored in the index; see Protocol.id. */
const TCP_ID = 3;

const Type = { chunk: 0, message: 1, raw: 2, gap: 3 } as const;

const NOTES = {
  truncated: { severity: 'warning', text: 'The stream ended inside this message.', source: '' },
  unterminated: {
    severity: 'warning',
    text: 'The message has no end within 16 MiB; it is shown in pieces.',
    source: '',
  },
  'absurd-length': {
    severity: 'error',
    text: 'The length prefix announces more than 2⁵³−1 bytes; the rest of this direction is shown unframed.',
    source: '',
  },
  'length-below-prefix': {
    severity: 'error',
    text: 'The length prefix counts itself but is smaller than itself; the rest of this direction is shown unframed.',
    source: '',
  },
  gap: { severity: 'warning', text: 'Bytes are missing from the capture here.', source: '' },
  afterGap: {
    severity: 'info',
    text: 'Framing starts anew after missing bytes; this may be the middle of a message.',
    source: '',
  },
} as const satisfies { [name: string]: NoteDefinition };

const Note = noteBits(NOTES);

/** `flags`: bits 0–2 the framing, 3–6 the prefix width, 7 little-endian, 8 the prefix counts itself. */
const FRAMINGS = ['none', 'lines', 'delimiter', 'length-prefix', 'fixed'] as const;
const WIDTH_SHIFT = 3;
const LITTLE_ENDIAN = 1 << 7;
const INCLUDES_ITSELF = 1 << 8;

/** A dissector for one TCP connection whose bytes are cut by `framing`, in both directions alike. */
export function openTcp(sink: RecordSink, framing: Framing): Dissector {
  return new TcpDissector(sink, framing);
}

interface Side {
  cutter: Cutter;
  /** Offset in the stream of this direction where the next record starts. */
  offset: number;
  afterGap: boolean;
}

class TcpDissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #flags: number;
  readonly #sides: { readonly [D in 1 | 2]: Side };
  #at = 0;

  constructor(sink: RecordSink, framing: Framing) {
    this.#sink = sink;
    this.#flags = flagsOf(framing);
    this.#sides = {
      [Direction.clientToServer]: this.#openSide(Direction.clientToServer, framing),
      [Direction.serverToClient]: this.#openSide(Direction.serverToClient, framing),
    };
  }

  push(direction: Direction, chunk: Uint8Array, at: number): void {
    if (direction === Direction.none) return;
    this.#at = at;
    this.#sides[direction].cutter.push(chunk);
  }

  gap(direction: Direction, length: number, at: number): void {
    if (direction === Direction.none) return;
    this.#at = at;
    const side = this.#sides[direction];
    side.cutter.end();
    this.#commit(direction, side, Type.gap, length, 0, Note.gap);
    side.afterGap = framed(this.#flags);
  }

  end(direction: Direction, at: number): void {
    if (direction === Direction.none) return;
    this.#at = at;
    this.#sides[direction].cutter.end();
  }

  #openSide(direction: 1 | 2, framing: Framing): Side {
    const side: Side = { cutter: openCutter(framing, onCut), offset: 0, afterGap: false };
    const dissector = this;
    function onCut(kind: CutKind, length: number, size: number, fault?: CutFault): void {
      dissector.#commit(direction, side, Type[kind], length, size, fault === undefined ? 0 : Note[fault]);
    }
    return side;
  }

  #commit(direction: 1 | 2, side: Side, type: number, length: number, size: number, notes: number): void {
    const draft = this.#sink.draft;
    draft.at = this.#at;
    draft.protocol = TCP_ID;
    draft.type = type;
    draft.direction = direction;
    draft.levels = Level.frame | Level.message;
    draft.start = side.offset;
    draft.length = length;
    draft.size = size;
    draft.flags = this.#flags;
    draft.notes = side.afterGap ? notes | Note.afterGap : notes;
    side.afterGap = false;
    side.offset += length;
    this.#sink.commit();
  }
}

function flagsOf(framing: Framing): number {
  const kind = FRAMINGS.indexOf(framing.kind);
  if (framing.kind !== 'length-prefix') return kind;
  const order = framing.littleEndian ? LITTLE_ENDIAN : 0;
  return kind | (framing.bytes << WIDTH_SHIFT) | order | (framing.includesItself ? INCLUDES_ITSELF : 0);
}

function framed(flags: number): boolean {
  return FRAMINGS[flags & 7] !== 'none';
}

/** Where a record's payload stands within its wire bytes, and how it was framed. */
interface Layout {
  framing: (typeof FRAMINGS)[number];
  /** Bytes of the prefix that are there; fewer than `width` if the stream ended inside. */
  prefix: number;
  width: number;
  /** Bytes of line end or delimiter after the payload. */
  trailer: number;
}

function layoutOf(record: TimelineRecord): Layout {
  const framing = record.type === Type.message ? (FRAMINGS[record.flags & 7] ?? 'none') : 'none';
  const width = framing === 'length-prefix' ? (record.flags >> WIDTH_SHIFT) & 15 : 0;
  const prefix = Math.min(width, record.length);
  const trailer = record.type === Type.gap ? 0 : record.length - prefix - record.size;
  return { framing, prefix, width, trailer };
}

const FRAMING_WORDS = {
  none: 'none',
  lines: 'lines',
  delimiter: 'delimiter',
  fixed: 'fixed length',
} as const;

function framingText(layout: Layout, flags: number): string {
  if (layout.framing !== 'length-prefix') return FRAMING_WORDS[layout.framing];
  const order = layout.width === 1 ? '' : flags & LITTLE_ENDIAN ? ', little-endian' : ', big-endian';
  const itself = flags & INCLUDES_ITSELF ? ', counts itself' : '';
  return `length prefix of ${layout.width} ${layout.width === 1 ? 'byte' : 'bytes'}${order}${itself}`;
}

/** Enough for a line of the timeline, whatever the prefix. */
const SUMMARY_BYTES = 512;

function summary(view: RecordView): string {
  const { record } = view;
  if (record.type === Type.gap) return `${record.length} bytes are missing here`;
  const { prefix } = layoutOf(record);
  const bytes = view.bytes(SUMMARY_BYTES).subarray(prefix);
  if (record.size > 0) return previewOf(bytes.subarray(0, record.size), record.size);
  return record.notes & Note['absurd-length'] || record.notes & Note['length-below-prefix']
    ? `length prefix ${hexPreview(view.bytes(prefix), prefix)} cannot be true`
    : '(empty)';
}

function detail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const wire = view.bytes(limit);
  const sources = [{ label: 'Wire', bytes: wire, total: record.length }];
  if (record.type === Type.gap) {
    return {
      fields: [{ name: 'tcp.gap', label: 'Missing bytes', value: record.length, start: 0, length: 0 }],
      sources,
    };
  }
  const layout = layoutOf(record);
  const { prefix, trailer } = layout;
  const { size } = record;
  const fields: Field[] = [
    { name: 'tcp.framing', label: 'Framing', value: framingText(layout, record.flags), start: 0, length: 0 },
  ];
  if (prefix > 0) fields.push(prefixField(wire, layout, record.flags));
  fields.push({ name: 'tcp.len', label: 'Payload length', value: size, start: 0, length: 0 });
  if (size > 0) {
    const shown = wire.subarray(prefix, prefix + size);
    fields.push({ name: 'tcp.payload', label: 'Payload', value: hexPreview(shown, size), start: prefix, length: size });
  }
  if (trailer > 0) {
    const label = layout.framing === 'lines' ? 'Line end' : 'Delimiter';
    const value = hexPreview(wire.subarray(prefix + size, record.length), trailer);
    fields.push({ name: 'tcp.delimiter', label, value, start: prefix + size, length: trailer });
  }
  if (prefix === 0 && trailer === 0) return { fields, sources, payload: 0 };
  sources.push({ label: 'Payload', bytes: wire.subarray(prefix, prefix + size), total: size });
  return { fields, sources, payload: 1 };
}

function prefixField(wire: Uint8Array, layout: Layout, flags: number): Field {
  const field = { name: 'tcp.prefix', label: 'Length prefix', start: 0, length: layout.prefix };
  const bytes = wire.subarray(0, layout.prefix);
  if (bytes.length < layout.width)
    return { ...field, value: null, display: `${hexPreview(bytes, bytes.length)} (cut)` };
  const value = readUnsigned(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    bytes.length,
    (flags & LITTLE_ENDIAN) !== 0,
  );
  return { ...field, value };
}

function payload(view: RecordView, limit: number): Payload | undefined {
  const { record } = view;
  if (record.type === Type.gap) return undefined;
  const { framing, prefix } = layoutOf(record);
  const bytes = view.bytes(Math.min(record.length, prefix + limit));
  const shown = bytes.subarray(prefix, prefix + Math.min(record.size, limit));
  return { bytes: shown, total: record.size, text: framing === 'lines' };
}

export const tcpProtocol: Protocol = {
  id: TCP_ID,
  name: 'tcp',
  label: 'TCP',
  types: ['data', 'message', 'raw', 'gap'],
  notes: Object.values(NOTES),
  fields: [
    { name: 'tcp.framing', label: 'Framing', type: 'string' },
    { name: 'tcp.prefix', label: 'Length prefix', type: 'number' },
    { name: 'tcp.len', label: 'Payload length', type: 'number' },
    { name: 'tcp.payload', label: 'Payload', type: 'bytes' },
    { name: 'tcp.delimiter', label: 'Delimiter', type: 'bytes' },
    { name: 'tcp.gap', label: 'Missing bytes', type: 'number' },
  ],
  quick: {
    'tcp.len': (record) => (record.type === Type.gap ? undefined : record.size),
    'tcp.gap': (record) => (record.type === Type.gap ? record.length : undefined),
  },
  summary,
  detail,
  payload,
};
