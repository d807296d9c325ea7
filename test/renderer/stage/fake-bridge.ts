// A bridge without an engine, for looking at panes and driving them: captures of any length whose rows are computed
// from their number, and a tap that can be turned. Lives in tests only.
import type {
  Announcement,
  Bridge,
  Input,
  MethodName,
  Output,
  PayloadNode,
  PayloadViewName,
  RecordDetail,
  Row,
  SessionState,
} from '../../../src-main/bridge/contract.ts';
import type { Field } from '../../../src-main/core/field.ts';

const STARTED_US = Date.UTC(2026, 10, 21, 13, 3, 7) * 1000;
const encoder = new TextEncoder();

interface Sample {
  kind: string;
  direction: 0 | 1 | 2;
  text: string;
  severity?: 'warning' | 'error';
  binary?: Uint8Array;
}

/** {"id":1,"name":"Ada","tags":["x","y"],"ok":true} as MessagePack. */
const MESSAGEPACK = Uint8Array.from([
  0x84, 0xa2, 0x69, 0x64, 0x01, 0xa4, 0x6e, 0x61, 0x6d, 0x65, 0xa3, 0x41, 0x64, 0x61, 0xa4, 0x74, 0x61, 0x67, 0x73,
  0x92, 0xa1, 0x78, 0xa1, 0x79, 0xa2, 0x6f, 0x6b, 0xc3,
]);

const OPENING: Sample[] = [
  { kind: 'connecting', direction: 0, text: 'Connecting to 127.0.0.1:9001' },
  { kind: 'connected', direction: 0, text: 'Connected from 127.0.0.1:52114 in 0.4 ms' },
  { kind: 'request', direction: 1, text: 'GET /ws/chat/lobby HTTP/1.1' },
  { kind: 'response', direction: 2, text: '101 Switching Protocols, permessage-deflate' },
];

const TRAFFIC: Sample[] = [
  {
    kind: 'text',
    direction: 1,
    text: '{"user":"User1","text":"Hello from the lobby","at":1763730187004,"tags":["a",null,true]}',
  },
  { kind: 'text', direction: 2, text: 'Hello from the seed chat server' },
  { kind: 'binary', direction: 2, text: '84 a2 69 64 01 a4 6e 61 6d 65 a3 41 64 61 …', binary: MESSAGEPACK },
  { kind: 'ping', direction: 1, text: '4 B 01 02 03 04' },
  { kind: 'pong', direction: 2, text: '4 B 01 02 03 04, 0.7 ms after the ping' },
  { kind: 'text', direction: 2, text: '\u001b[31mred\u001b[0m and \u202ereversed\u202c and שלום and 世界 👋🏽' },
  { kind: 'text', direction: 1, text: 'Hällo wörld, unmasked', severity: 'error' },
  { kind: 'close', direction: 2, text: '1005 no status', severity: 'warning' },
];

function sampleOf(seq: number): Sample {
  return OPENING[seq] ?? TRAFFIC[(seq - OPENING.length) % TRAFFIC.length]!;
}

function payloadOf(seq: number): Uint8Array {
  const sample = sampleOf(seq);
  return sample.binary ?? encoder.encode(sample.text);
}

/** @param ofCall the record of the gRPC call it is part of; the call itself if it begins one */
function rowOf(seq: number, connections: number, ofCall?: number): Row {
  const sample = sampleOf(seq);
  const size = sample.direction === 0 ? 0 : payloadOf(seq).length;
  const handshake = sample.kind === 'request' || sample.kind === 'response';
  return {
    seq,
    at: STARTED_US + seq * 4211 + ((seq * 7919) % 997),
    connection: seq < 1 ? 0 : 1 + (seq % connections),
    direction: sample.direction,
    protocol: sample.direction === 0 ? 'event' : handshake ? 'http' : 'websocket',
    kind: sample.kind,
    levels: sample.direction === 0 ? ['event'] : ['frame', 'message'],
    size,
    length: size + 6,
    summary: seq > 20 && seq % 5 === 0 ? `${sample.text} #${seq}` : sample.text,
    ...(sample.severity ? { severity: sample.severity } : {}),
    notes: sample.severity ? 1 : 0,
    ...(ofCall === seq ? { call: { clientMessages: 1, serverMessages: 1, durationMicroseconds: 900, status: 0 } } : {}),
    ...(ofCall !== undefined && ofCall !== seq ? { callSeq: ofCall } : {}),
  };
}

/** The masked frame of a record, at most `sizeBytes` of payload. */
function wireOf(seq: number): Uint8Array {
  const payload = payloadOf(seq);
  const wire = new Uint8Array(payload.length + 6);
  wire.set([0x81, 0x80 | payload.length, 0x8f, 0x1c, 0x22, 0x41]);
  payload.forEach((byte, at) => {
    wire[6 + at] = byte ^ wire[2 + (at % 4)]!;
  });
  return wire;
}

function fieldsOf(seq: number): Field[] {
  const sample = sampleOf(seq);
  const { length } = payloadOf(seq);
  if (sample.direction === 0) {
    const text = (name: string, label: string, value: string): Field => ({ name, label, value, start: 0, length: 0 });
    return [
      text('event.address', 'address', '127.0.0.1:9001'),
      text('event.cipher', 'cipher', 'TLS_AES_128_GCM_SHA256'),
    ];
  }
  const bit = (name: string, label: string, value: boolean, mask: number): Field => ({
    name: `websocket.${name}`,
    label,
    value,
    start: 0,
    length: 1,
    mask,
  });
  return [
    {
      name: 'websocket',
      label: 'WebSocket frame',
      value: null,
      display: `${length + 6} B`,
      start: 0,
      length: length + 6,
      children: [
        bit('fin', 'FIN', true, 0x80),
        bit('rsv', 'Reserved', false, 0x70),
        { ...bit('opcode', 'Opcode', false, 0x0f), value: 1, display: `1 ${sample.kind}` },
        bit('mask', 'Mask', true, 0x80),
        { name: 'websocket.payload_length', label: 'Payload length', value: length, start: 1, length: 1, mask: 0x7f },
        { name: 'websocket.masking_key', label: 'Masking key', value: '8f1c2241', start: 2, length: 4 },
        {
          name: 'websocket.payload',
          label: 'Payload',
          value: sample.text,
          source: 1,
          start: 0,
          length,
          children: [
            { name: 'websocket.payload.text', label: 'Text', value: sample.text, source: 1, start: 0, length },
          ],
        },
      ],
    },
  ];
}

const MESSAGEPACK_TREE: PayloadNode[] = [
  {
    label: '',
    value: '',
    type: 'map(4)',
    start: 0,
    length: 28,
    children: [
      { label: 'id', value: '1', type: 'uint', start: 4, length: 1 },
      { label: 'name', value: '"Ada"', type: 'str', start: 10, length: 4 },
      {
        label: 'tags',
        value: '',
        type: 'array(2)',
        start: 19,
        length: 5,
        children: [
          {
            label: '0',
            value: '"x"',
            type: 'str',
            start: 20,
            length: 2,
            alternatives: [{ type: 'bytes', value: '78' }],
          },
          { label: '1', value: '"y"', type: 'str', start: 22, length: 2 },
        ],
      },
      { label: 'ok', value: 'true', type: 'bool', start: 27, length: 1 },
    ],
  },
];

/** A megabyte that is also the whole payload of record 11, to see paging. */
const LARGE = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 31 + (at >> 8)) % 256);
const LARGE_SEQ = 10;

export class FakeBridge implements Bridge {
  readonly sessions = new Map<string, SessionState>();
  /** Calls by method, for tests that count. */
  readonly calls: { method: MethodName; input: unknown }[] = [];
  connections = 1;
  /** Records of each gRPC call, its own the first; 0: there are no calls. */
  recordsPerCall = 0;
  latencyMs = 2;
  readonly #listeners = new Set<(announcement: Announcement) => void>();

  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output[M]> {
    this.calls.push({ method, input });
    return new Promise((resolve, reject) => {
      setTimeout(() => {
        try {
          resolve(this.#answer(method, input as never) as Output[M]);
        } catch (error) {
          reject(error);
        }
      }, this.latencyMs);
    });
  }

  listen(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onState(listener: (state: 'open' | 'gone') => void): () => void {
    listener('open');
    return () => undefined;
  }

  announce(announcement: Announcement): void {
    for (const listener of this.#listeners) listener(announcement);
  }

  /** The session's capture now has this many records. */
  grow(session: string, records: number): void {
    const state = this.sessions.get(session);
    if (!state) return;
    const next = { ...state, counts: { ...state.counts, records, messages: Math.max(0, records - 2) } };
    this.sessions.set(session, next);
    this.announce({ type: 'timeline', session, revision: records, records });
    this.announce({ type: 'session', session: next });
  }

  #matching(input: Input<'timeline.rows'>): { total: number; seqOf: (index: number) => number } {
    const records = this.sessions.get(input.session)?.counts.records ?? 0;
    const filter = input.query.filter ?? '';
    if (filter === 'nothing') return { total: 0, seqOf: (index) => index };
    if (filter !== '') return { total: Math.ceil(records / 2), seqOf: (index) => index * 2 };
    const { unfolded } = input.query;
    if (this.recordsPerCall === 0 || !unfolded) return { total: records, seqOf: (index) => index };
    const shown = Array.from({ length: records }, (_, seq) => seq).filter((seq) => {
      const call = this.#callOf(seq);
      return seq === call || unfolded.includes(call!);
    });
    return { total: shown.length, seqOf: (index) => shown[index]! };
  }

  #callOf(seq: number): number | undefined {
    return this.recordsPerCall === 0 ? undefined : seq - (seq % this.recordsPerCall);
  }

  #answer(method: MethodName, input: never): unknown {
    const answers: { [M in MethodName]?: (input: Input<M>) => Output[M] } = {
      'timeline.rows': (asked) => {
        const { total, seqOf } = this.#matching(asked);
        const end = Math.min(total, asked.from + asked.count);
        const rows: Row[] = [];
        for (let index = asked.from; index < end; index += 1) rows.push(this.#rowOf(seqOf(index)));
        return { total, revision: total, rows };
      },
      'timeline.position': (asked) => {
        const call = this.#callOf(asked.seq);
        if (call !== undefined) {
          const { total, seqOf } = this.#matching({ ...asked, from: 0, count: 0 });
          const shown = Array.from({ length: total }, (_, index) => seqOf(index));
          const index = shown.filter((seq) => seq < asked.seq).length;
          const exact = shown[index] === asked.seq;
          return { index, exact, ...(exact ? {} : { foldedInto: call }) };
        }
        const halved = (asked.query.filter ?? '') !== '';
        return { index: halved ? Math.ceil(asked.seq / 2) : asked.seq, exact: !halved || asked.seq % 2 === 0 };
      },
      'timeline.find': (asked) => {
        const { total, seqOf } = this.#matching({ ...asked, count: 0 });
        const step = asked.backwards ? -1 : 1;
        let index = Math.min(asked.from, total - 1);
        for (let tried = 0; tried < Math.min(total, 5000); tried += 1) {
          const row = rowOf(seqOf(index), 1);
          if (row.summary.toLowerCase().includes(asked.text.toLowerCase())) return { index, seq: row.seq };
          index = (index + step + total) % total;
        }
        return null;
      },
      'timeline.copy': (asked) => ({
        text: Array.from({ length: asked.count }, (_, at) => `${asked.format} ${asked.from + at}`).join('\n'),
      }),
      'record.detail': (asked) => this.#detail(asked.seq),
      'record.bytes': (asked) => {
        const bytes = asked.seq === LARGE_SEQ ? LARGE : wireOf(asked.seq);
        return { bytes: bytes.slice(asked.from, asked.from + asked.count) };
      },
      'record.payload': (asked) => this.#payload(asked.seq, asked.view),
      'sessions.connections': () => ({
        total: 250,
        connections: Array.from({ length: 100 }, (_, at) => ({
          connection: at + 1,
          peer: `127.0.0.1:${52_000 + at}`,
          label: '/ws/chat/lobby',
          openedAt: STARTED_US,
        })),
      }),
      'sessions.start': () => null,
      'sessions.stop': () => null,
      'filter.fields': () => [
        { name: 'websocket.opcode', label: 'Opcode', type: 'number' },
        { name: 'websocket.fin', label: 'Fin', type: 'boolean' },
        { name: 'websocket.payload_length', label: 'Payload length', type: 'number' },
        { name: 'tcp.payload', label: 'Payload', type: 'bytes' },
        { name: 'frame.number', label: 'Record number', type: 'number' },
      ],
      'filter.check': (asked) =>
        asked.filter.includes('===')
          ? { ok: false, error: 'Expected a value after the operator ==.', at: asked.filter.indexOf('===') + 2 }
          : { ok: true },
    };
    const answer = answers[method] as ((input: never) => unknown) | undefined;
    if (!answer) throw new Error(`The fake bridge does not know ${method}.`);
    return answer(input);
  }

  #rowOf(seq: number): Row {
    return rowOf(seq, this.connections, this.#callOf(seq));
  }

  #detail(seq: number): RecordDetail {
    const row = this.#rowOf(seq);
    const sample = sampleOf(seq);
    if (seq === LARGE_SEQ) {
      const field = { name: 'tcp.payload', label: 'Payload', value: '1,000,000 B', start: 0, length: LARGE.length };
      const sources = [{ label: 'Wire', bytes: LARGE.slice(0, 65_536), total: LARGE.length }];
      return { row, fields: [field], sources, payload: 0, notes: [] };
    }
    const failed = sample.kind === 'connecting';
    return {
      row,
      fields: fieldsOf(seq),
      sources:
        sample.direction === 0
          ? []
          : [
              { label: 'Wire', bytes: wireOf(seq), total: wireOf(seq).length },
              { label: 'Unmasked', bytes: payloadOf(seq), total: payloadOf(seq).length },
            ],
      ...(sample.direction === 0 ? {} : { payload: 1 }),
      notes: sample.severity
        ? [{ severity: sample.severity, text: 'A client must mask every frame it sends.', source: 'RFC 6455 §5.1' }]
        : [],
      ...(sample.kind === 'pong' ? { link: seq - 1 } : {}),
      ...(failed
        ? {
            problem: {
              what: 'Nothing is listening on 127.0.0.1:9001.',
              why: 'The machine answered that the port is closed.',
              next: 'Start the server, or check the port in the address.',
              code: 'ECONNREFUSED',
              details: 'connect ECONNREFUSED 127.0.0.1:9001',
            },
          }
        : {}),
    };
  }

  #payload(seq: number, asked: PayloadViewName | 'auto'): Output['record.payload'] {
    if (seq === LARGE_SEQ) {
      return { view: 'hex', alternatives: ['hex'], shown: 65_536, total: LARGE.length };
    }
    const sample = sampleOf(seq);
    const { length } = payloadOf(seq);
    const best: PayloadViewName = sample.binary ? 'messagepack' : sample.text.startsWith('{') ? 'json' : 'text';
    const view = asked === 'auto' ? best : asked;
    const alternatives = ([best, 'text', 'hex'] as PayloadViewName[]).filter(
      (name, at, all) => all.indexOf(name) === at,
    );
    const base = { view, alternatives, shown: length, total: length };
    if (view === 'messagepack' && sample.binary) return { ...base, tree: MESSAGEPACK_TREE };
    if (view === 'text' || (view === 'json' && best === 'json')) return { ...base, text: sample.text };
    if (view === 'hex') return base;
    return { ...base, error: 'The bytes end inside a value.', errorAt: length, tree: [] };
  }
}
