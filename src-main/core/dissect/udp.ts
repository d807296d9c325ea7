// UDP: every push is one datagram and one record, an empty one too.
import type { Detail, Field } from '../field.ts';
import { hexPreview, previewOf } from '../payload/preview.ts';
import type { Dissector, Payload, Protocol, RecordSink, RecordView } from '../protocol.ts';
import { Direction, Level } from '../record.ts';

/** Stored in the index; see Protocol.id. */
export const UDP_ID = 4;
/** RFC 768: the length field counts the header. */
const UDP_HEADER_BYTES = 8;

const Type = { datagram: 0, gap: 1 } as const;
const GAP_NOTE = 1 << 0;

/** A dissector for one UDP conversation. */
export function openUdp(sink: RecordSink): Dissector {
  return new UdpDissector(sink);
}

class UdpDissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #offsets = { [Direction.clientToServer]: 0, [Direction.serverToClient]: 0 };

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  push(direction: Direction, datagram: Uint8Array, at: number): void {
    this.#commit(direction, Type.datagram, datagram.length, datagram.length, 0, at);
  }

  gap(direction: Direction, length: number, at: number): void {
    this.#commit(direction, Type.gap, length, 0, GAP_NOTE, at);
  }

  end(): void {}

  #commit(direction: Direction, type: number, length: number, size: number, notes: number, at: number): void {
    if (direction === Direction.none) return;
    const draft = this.#sink.draft;
    draft.at = at;
    draft.protocol = UDP_ID;
    draft.type = type;
    draft.direction = direction;
    draft.levels = Level.frame | Level.message;
    draft.start = this.#offsets[direction];
    draft.length = length;
    draft.size = size;
    draft.notes = notes;
    this.#offsets[direction] += length;
    this.#sink.commit();
  }
}

function detail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const bytes = view.bytes(limit);
  const sources = [{ label: 'Wire', bytes, total: record.length }];
  if (record.type === Type.gap) {
    return {
      fields: [{ name: 'udp.gap', label: 'Missing bytes', value: record.length, start: 0, length: 0 }],
      sources,
    };
  }
  const length = record.size + UDP_HEADER_BYTES;
  const display = `${length} (${UDP_HEADER_BYTES} header, ${record.size} payload)`;
  const fields: Field[] = [{ name: 'udp.length', label: 'Length', value: length, display, start: 0, length: 0 }];
  if (record.size > 0) {
    const value = hexPreview(bytes, record.size);
    fields.push({ name: 'udp.payload', label: 'Payload', value, start: 0, length: record.size });
  }
  return { fields, sources, payload: 0 };
}

function payload(view: RecordView, limit: number): Payload | undefined {
  if (view.record.type === Type.gap) return undefined;
  return { bytes: view.bytes(limit), total: view.record.size, text: false };
}

export const udpProtocol: Protocol = {
  id: UDP_ID,
  name: 'udp',
  label: 'UDP',
  types: ['datagram', 'gap'],
  notes: [{ severity: 'warning', text: 'Bytes are missing from the capture here.', source: '' }],
  fields: [
    { name: 'udp.length', label: 'Length', type: 'number' },
    { name: 'udp.payload', label: 'Payload', type: 'bytes' },
    { name: 'udp.gap', label: 'Missing bytes', type: 'number' },
  ],
  quick: {
    'udp.length': (record) => (record.type === Type.gap ? undefined : record.size + UDP_HEADER_BYTES),
    'udp.gap': (record) => (record.type === Type.gap ? record.length : undefined),
  },
  summary(view: RecordView): string {
    const { record } = view;
    if (record.type === Type.gap) return `${record.length} bytes are missing here`;
    return record.size === 0 ? '(empty)' : previewOf(view.bytes(1024), record.size);
  },
  detail,
  payload,
};
