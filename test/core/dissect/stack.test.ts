// The choice of dissectors by the first bytes, whoever sends them.
import { describe, expect, it } from 'vitest';
import { composeFrame } from '../../../src-main/core/compose/websocket.ts';
import { eventProtocol } from '../../../src-main/core/dissect/event.ts';
import { protocolById, protocols } from '../../../src-main/core/dissect/registry.ts';
import { openStack } from '../../../src-main/core/dissect/stack.ts';
import type { LifecycleEvent } from '../../../src-main/core/event.ts';
import type { DissectAs, RecordView } from '../../../src-main/core/protocol.ts';
import { Direction, emptyDraft } from '../../../src-main/core/record.ts';
import { byteByByte, dissect, type Segment } from '../../fuzz/laws.ts';

const from = (direction: Direction, text: string): Segment => ({ direction, bytes: new TextEncoder().encode(text) });
const client = (text: string) => from(Direction.clientToServer, text);
const server = (text: string) => from(Direction.serverToClient, text);

/** Names of the protocols of the records, without repetitions in a row. */
function chosen(segments: Segment[], as: DissectAs = { protocol: 'auto' }, transport: 'tcp' | 'udp' = 'tcp'): string[] {
  const names = [undefined, byteByByte].map((cut) =>
    dissect((sink) => openStack(transport, as, sink), segments, cut).records.map((r) => protocolById(r.protocol)!.name),
  );
  const distinct = names.map((list) => list.filter((name, i) => name !== list[i - 1]));
  expect(distinct[1]).toEqual(distinct[0]);
  return distinct[0]!;
}

describe('openStack', () => {
  it.each<[string, Segment[], string[]]>([
    ['a request', [client('GET / HTTP/1.1\r\n\r\n')], ['http']],
    ['an answer first', [server('HTTP/1.1 200 OK\r\n\r\n'), client('x')], ['http']],
    ['a greeting', [server('220 mail ready\r\n'), client('HELO\r\n')], ['tcp']],
    ['almost a request', [client('GETTING')], ['tcp']],
    [
      'a start that says nothing yet, then another peer that does',
      [client('GE'), server('hello'), client('T /')],
      ['tcp'],
    ],
    ['both undecided, then HTTP', [client('GE'), server('HT'), client('T / HTTP/1.1\r\n\r\n')], ['http']],
    ['an end before a decision', [client('POS')], ['tcp']],
    ['nothing', [], []],
  ])('auto: %s', (_, segments, expected) => {
    expect(chosen(segments)).toEqual(expected);
  });

  it('keeps every byte it held back, with its time and its chunk', () => {
    const open = (sink: Parameters<typeof openStack>[2]) => openStack('tcp', { protocol: 'auto' }, sink);
    const { records } = dissect(open, [client('P'), client('O'), client('EM')]);
    expect(records.map(({ at, start, length }) => [at, start, length])).toEqual([
      [1000, 0, 1],
      [2000, 1, 1],
      [3000, 2, 2],
    ]);
  });

  it('websocket: with and without the handshake', () => {
    const frame: Segment = { direction: Direction.serverToClient, bytes: composeFrame({ opcode: 9 }) };
    expect(chosen([frame], { protocol: 'websocket' })).toEqual(['websocket']);
    const answer = server('HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n');
    expect(chosen([answer, frame], { protocol: 'websocket' })).toEqual(['http', 'websocket']);
  });

  it('a gap before a decision leaves TCP', () => {
    expect(chosen([{ ...client('GET / HTTP/1.1\r\n\r\n'), gapBefore: 3 }])).toEqual(['tcp']);
  });

  it('udp has datagrams', () => {
    expect(chosen([client('GET / HTTP/1.1\r\n\r\n')], { protocol: 'auto' }, 'udp')).toEqual(['udp']);
  });

  it('explicit choices are kept', () => {
    const request = [client('GET / HTTP/1.1\r\n\r\n')];
    expect(chosen(request, { protocol: 'tcp', framing: { kind: 'lines' } })).toEqual(['tcp']);
    expect(chosen([client('hello\n')], { protocol: 'http' })).toEqual(['http']);
  });
});

describe('the registry', () => {
  it('has each protocol under its own id, with definitions for its fields', () => {
    expect(new Set(protocols.map((protocol) => protocol.id)).size).toBe(protocols.length);
    for (const protocol of protocols) {
      expect(protocolById(protocol.id)).toBe(protocol);
      const names = protocol.fields.map((field) => field.name);
      expect(new Set(names).size, protocol.name).toBe(names.length);
    }
    expect(protocolById(99)).toBeUndefined();
  });
});

describe('events', () => {
  const view = (json: string): RecordView => ({
    record: { ...emptyDraft(), seq: 0, connection: 0, derived: 0 },
    bytes: () => new Uint8Array(0),
    derived: () => new TextEncoder().encode(json),
    at: () => undefined,
  });

  it('show text, values and the problem', () => {
    const event: LifecycleEvent = {
      type: 'failed',
      severity: 'error',
      text: 'Nothing is listening\u202e on 127.0.0.1:9001.',
      fields: { address: '127.0.0.1', port: 9001 },
      problem: { what: 'Refused.', why: 'No server.', next: 'Start one.', code: 'ECONNREFUSED' },
    };
    expect(eventProtocol.summary(view(JSON.stringify(event)))).toBe('Nothing is listening⟨U+202E⟩ on 127.0.0.1:9001.');
    const [root] = eventProtocol.detail(view(JSON.stringify(event)), 100).fields;
    expect(root!.children!.map((field) => [field.label, field.value])).toEqual([
      ['Type', 'failed'],
      ['Severity', 'error'],
      ['Text', event.text],
      ['Address', '127.0.0.1'],
      ['Port', 9001],
      ['Problem', 'Refused.'],
    ]);
    expect(root!.children!.at(-1)!.children!.map((field) => field.value)).toEqual([
      'No server.',
      'Start one.',
      'ECONNREFUSED',
    ]);
  });

  it.each(['', 'null', '[]', '{"text":1}', '{"text":"x","fields":3,"problem":4}'])(
    'survive %j in a capture',
    (json) => {
      expect(() => eventProtocol.detail(view(json), 100)).not.toThrow();
      expect(eventProtocol.summary(view(json))).toBe(json.includes('"x"') ? 'x' : '');
    },
  );
});
