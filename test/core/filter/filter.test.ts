import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cases from '../../../fixtures/filter/cases.json' with { type: 'json' };
import { eventProtocol } from '../../../src-main/core/dissect/event.ts';
import { protocols as allProtocols } from '../../../src-main/core/dissect/registry.ts';
import { openTcp, tcpProtocol } from '../../../src-main/core/dissect/tcp.ts';
import { openUdp, udpProtocol } from '../../../src-main/core/dissect/udp.ts';
import { websocketProtocol } from '../../../src-main/core/dissect/websocket/detail.ts';
import { openWebSocket } from '../../../src-main/core/dissect/websocket/websocket.ts';
import { type Filter, filterFields, parseFilter, ViewSubject } from '../../../src-main/core/filter/filter.ts';
import type { Dissector, Protocol, RecordSink } from '../../../src-main/core/protocol.ts';
import { Direction, emptyDraft, Level } from '../../../src-main/core/record.ts';
import { dissect, FUZZ_RUNS, type Segment } from '../../fuzz/laws.ts';

/** A protocol with a field of every type, some of several values, and one that needs no detail. */
const toy: Protocol = {
  id: 77,
  name: 'toy',
  label: 'Toy',
  types: ['piece'],
  notes: [],
  fields: [
    { name: 'toy.number', label: 'Number', type: 'number' },
    { name: 'toy.big', label: 'Big', type: 'number' },
    { name: 'toy.flag', label: 'Flag', type: 'boolean' },
    { name: 'toy.text', label: 'Text', type: 'string' },
    { name: 'toy.quick', label: 'Quick', type: 'number' },
    { name: 'toy.nothing', label: 'Nothing', type: 'number' },
  ],
  quick: { 'toy.quick': (record) => record.seq },
  summary: () => 'a toy',
  detail({ record }) {
    const first = record.seq === 4;
    const at = { start: 0, length: 0 };
    return {
      fields: [
        {
          name: 'toy.number',
          label: '',
          value: 5,
          ...at,
          children: [{ name: 'toy.number', label: '', value: first ? 5 : 7, ...at }],
        },
        { name: 'toy.big', label: '', value: first ? 9007199254740993n : 0, ...at },
        { name: 'toy.flag', label: '', value: first, ...at },
        { name: 'toy.text', label: '', value: first ? 'Äpfel' : 'a"b\\\n!', ...at },
        { name: 'toy.nothing', label: '', value: null, ...at },
      ],
      sources: [],
    };
  },
  payload: () => undefined,
};

function openToy(sink: RecordSink): Dissector {
  return {
    push(direction, chunk, at) {
      Object.assign(sink.draft, { direction, at, protocol: toy.id, length: chunk.length, levels: Level.message });
      sink.commit();
    },
    gap() {},
    end() {},
  };
}

const { clientToServer, serverToClient } = Direction;
const segment = (direction: Direction, text: string): Segment => ({ direction, bytes: new TextEncoder().encode(text) });

/** Three TCP records, a UDP one, two toys; 1 ms apart. */
const segments = [
  segment(clientToServer, 'hello\r\n'),
  segment(serverToClient, 'wide world\n'),
  segment(clientToServer, 'no'),
  segment(clientToServer, 'ny w'),
  segment(clientToServer, ''),
  segment(serverToClient, ''),
];
const protocols = [tcpProtocol, udpProtocol, toy];
const parts = [
  dissect((sink) => openTcp(sink, { kind: 'lines' }), segments.slice(0, 3)),
  dissect(openUdp, segments.slice(3, 4)),
  dissect(openToy, segments.slice(4)),
];

interface Asked {
  detail: number;
}

function counting<In extends unknown[], Out>(call: (...of: In) => Out, asked: Asked): (...of: In) => Out {
  return (...of) => {
    asked.detail++;
    return call(...of);
  };
}

/** The seqs a filter lets pass, and how often it asked for more than a record's numbers. */
function seqsOf(filter: Filter, asked: Asked = { detail: 0 }): number[] {
  const subject = new ViewSubject();
  const seqs: number[] = [];
  let seq = 0;
  for (const part of parts) {
    for (const { seq: own } of part.records) {
      const view = part.view(own);
      const protocol = protocols.find(({ id }) => id === view.record.protocol)!;
      const counted: Protocol = {
        ...protocol,
        detail: counting(protocol.detail, asked),
        summary: counting(protocol.summary, asked),
        payload: counting(protocol.payload, asked),
      };
      const record = { ...view.record, seq, at: (seq + 1) * 1000 };
      if (filter.matches(subject.set({ ...view, record }, counted))) seqs.push(seq);
      seq++;
    }
  }
  return seqs;
}

function filterOf(text: string): Filter {
  const result = parseFilter(text, protocols);
  if (!result.ok) throw new Error(`${text}: ${result.error}`);
  return result.filter;
}

describe('filters', () => {
  it.each(cases.matching)('$filter → $seqs', ({ filter, seqs }) => {
    expect(seqsOf(filterOf(filter))).toEqual(seqs);
  });

  it.each(cases.errors)('$filter → $error', ({ filter, error, at }) => {
    expect(parseFilter(filter, protocols)).toEqual({ ok: false, error, at });
  });

  it.each([
    ['wirescope.size > 2 and tcp.len < 10 or udp.length or toy.quick', false],
    ['tcp and not udp', false],
    ['wirescope.note contains "x" and wirescope.level == event', false],
    ['tcp.payload', true],
    ['tcp contains "a"', true],
    ['"a"', true],
    ['toy.number', true],
  ])('%s needs detail: %s', (text, needsDetail) => {
    const filter = filterOf(text);
    expect(filter.needsDetail).toBe(needsDetail);
    const asked = { detail: 0 };
    seqsOf(filter, asked);
    expect(asked.detail > 0).toBe(needsDetail);
  });

  it('asks for detail only where the rest has not decided, and only of the protocol that has the field', () => {
    const asked = { detail: 0 };
    expect(seqsOf(filterOf('tcp.payload contains "o" and frame.number == 1'), asked)).toEqual([0]);
    expect(asked.detail).toBe(1);
    asked.detail = 0;
    expect(seqsOf(filterOf('toy.flag'), asked)).toEqual([4, 5]);
    expect(asked.detail).toBe(2);
  });

  it('offers every name it understands, once', () => {
    const fields = filterFields(allProtocols);
    for (const { name } of fields) expect(parseFilter(name, allProtocols).ok).toBe(true);
    expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
  });

  it.each([
    ['websocket', true],
    ['tcp', true],
    ['http', false],
    ['websocket.opcode == 1 && websocket.fin == true', true],
    ['websocket.mask == 1', true],
    ['websocket.masking_key == 37:fa:21:3d', true],
    ['websocket.payload.text == "Hello"', true],
    ['websocket contains "Hello"', true],
    ['websocket contains 7f:9f:4d', true],
    ['websocket.payload_length in {6..200}', false],
    ['wirescope.kind == text and wirescope.direction == client', true],
    ['"hello"', true],
  ])('%s on a masked WebSocket frame: %s', (text, holds) => {
    const bytes = Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
    const dissected = dissect(openWebSocket, [{ direction: clientToServer, bytes }]);
    const result = parseFilter(text, allProtocols);
    expect(result.ok && result.filter.matches(new ViewSubject().set(dissected.view(0), websocketProtocol))).toBe(holds);
  });

  it('finds the severity of an event', () => {
    const event = new TextEncoder().encode('{"type":"failed","severity":"error","text":"Nothing is listening."}');
    const record = { seq: 0, connection: 1, ...emptyDraft(), type: 7, levels: Level.event };
    const view = { record, bytes: () => event, derived: () => event, at: () => undefined };
    const passes = (text: string) => {
      const result = parseFilter(text, allProtocols);
      return result.ok && result.filter.matches(new ViewSubject().set(view, eventProtocol));
    };
    expect(passes('wirescope.severity == error')).toBe(true);
    expect(passes('wirescope.severity == warning')).toBe(false);
    expect(passes('"LISTENING"')).toBe(true);
    expect(passes('tcp or tcp.stream')).toBe(false);
  });

  it('bounds nesting', () => {
    const nested = (levels: number) => parseFilter(`${'('.repeat(levels)}tcp${')'.repeat(levels)}`, protocols).ok;
    expect(nested(100)).toBe(true);
    expect(nested(5000)).toBe(false);
    expect(parseFilter('!'.repeat(9999), protocols).ok).toBe(false);
    expect(parseFilter(Array(2000).fill('tcp').join(' and '), protocols).ok).toBe(true);
  });

  it('takes any text or says where it is wrong', () => {
    const word = fc.constantFrom(
      'tcp.len',
      'toy.text',
      'wirescope.direction',
      '"a b"',
      '5',
      '0x10',
      '81:05',
      '==',
      '!=',
      '~',
      'contains',
      'in',
      '{',
      '}',
      '3..5',
      '..',
      '(',
      ')',
      '!',
      'not',
      'and',
      '||',
      ',',
      '->',
      '"',
      '\\',
      'r"\\d+"',
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 12, size: 'max' }).map((words) => words.join(' ')),
      fc.array(word, { maxLength: 12, size: 'max' }).map((words) => words.join('')),
      fc.string({ unit: 'binary', maxLength: 40, size: 'max' }),
    );
    fc.assert(
      fc.property(text, (filter) => {
        const result = parseFilter(filter, protocols);
        if (result.ok) {
          seqsOf(result.filter);
        } else {
          expect(result.error).toMatch(/[.?]$/);
          expect(result.at).toBeGreaterThanOrEqual(0);
          expect(result.at).toBeLessThanOrEqual(filter.length);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
