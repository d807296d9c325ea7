// What a person sees of WebSocket records: fields with exact byte ranges, byte sources, bounded reads, harmless text.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { composeClosePayload, composeFrame } from '../../../src-main/core/compose/websocket.ts';
import { utf8 } from '../../../src-main/core/dissect/bytes.ts';
import { websocketProtocol as protocol } from '../../../src-main/core/dissect/websocket/detail.ts';
import { openWebSocket, type WebSocketAgreement } from '../../../src-main/core/dissect/websocket/websocket.ts';
import type { Detail, Field } from '../../../src-main/core/field.ts';
import { Direction } from '../../../src-main/core/record.ts';
import { type Dissected, dissect, type Segment, totality } from '../../fuzz/laws.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const KEY = new Uint8Array([0x37, 0xfa, 0x21, 0x3d]);

function run(agreement: Partial<WebSocketAgreement>, ...segments: Segment[]): Dissected {
  return dissect((sink) => openWebSocket(sink, { deflate: undefined, otherExtension: false, ...agreement }), segments);
}
function server(...frames: Uint8Array[]): Segment {
  return { direction: Direction.serverToClient, bytes: Uint8Array.from(frames.flatMap((frame) => [...frame])) };
}
function client(...frames: Uint8Array[]): Segment {
  return { ...server(...frames), direction: Direction.clientToServer };
}
function all(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...all(field.children ?? [])]);
}
/** `value @source start+length` of a field. */
function show(detail: Detail, name: string): string | undefined {
  const field = all(detail.fields).find((each) => each.name === name);
  return field && `${field.value} @${field.source ?? 0} ${field.start}+${field.length}`;
}

describe('the detail of a frame', () => {
  it('has every header field where it stands', () => {
    const payload = ascii('x'.repeat(200));
    const dissected = run({}, client(composeFrame({ opcode: 1, maskingKey: KEY, payload })));
    const detail = protocol.detail(dissected.view(0), 1000);
    expect(detail.sources.map(({ label, total }) => [label, total])).toEqual([
      ['Wire', 208],
      ['Unmasked', 200],
    ]);
    expect(detail.payload).toBe(1);
    expect(show(detail, 'websocket.fin')).toBe('true @0 0+1');
    expect(show(detail, 'websocket.rsv')).toBe('0 @0 0+1');
    expect(show(detail, 'websocket.pmc')).toBeUndefined();
    expect(show(detail, 'websocket.opcode')).toBe('1 @0 0+1');
    expect(show(detail, 'websocket.mask')).toBe('true @0 1+1');
    expect(show(detail, 'websocket.payload_length')).toBe('126 @0 1+1');
    expect(show(detail, 'websocket.payload_length_ext_16')).toBe('200 @0 2+2');
    expect(show(detail, 'websocket.masking_key')).toBe('37fa213d @0 4+4');
    expect(show(detail, 'websocket.payload')).toBe('null @0 8+200');
    expect(show(detail, 'websocket.payload.text')).toBe(`${utf8(payload)} @1 0+200`);
  });

  it('points into the wire where nothing was masked', () => {
    const dissected = run({}, server(composeFrame({ opcode: 1, payload: ascii('hello') })));
    const detail = protocol.detail(dissected.view(0), 1000);
    expect(show(detail, 'websocket.payload.text')).toBe('hello @0 2+5');
    expect(utf8(detail.sources[detail.payload!]!.bytes)).toBe('hello');
  });

  it('has code and reason of a close', () => {
    const payload = composeClosePayload(1001, 'bye');
    const detail = protocol.detail(run({}, client(composeFrame({ opcode: 8, maskingKey: KEY, payload }))).view(0), 100);
    expect(show(detail, 'websocket.payload.close.status_code')).toBe('1001 @1 0+2');
    expect(show(detail, 'websocket.payload.close.reason')).toBe('bye @1 2+3');
  });

  it('has the round trip of a pong', () => {
    const ping = server(composeFrame({ opcode: 9, payload: ascii('p') }));
    const pong = client(composeFrame({ opcode: 10, payload: ascii('p'), maskingKey: KEY }));
    const detail = protocol.detail(run({}, ping, pong).view(1), 100);
    expect(show(detail, 'websocket.payload.pong')).toBe('70 @1 0+1');
    expect(show(detail, 'websocket.rtt')).toBe('1000 @0 0+0');
    expect(show(detail, 'websocket.ping_in')).toBe('1 @0 0+0');
  });

  it('has the compressed and the inflated bytes', () => {
    const payload = deflateRawSync('hello hello', { finishFlush: 2 }).subarray(0, -4);
    const frame = composeFrame({ opcode: 1, rsv: 4, maskingKey: KEY, payload });
    const deflate = { clientNoContextTakeover: true, serverNoContextTakeover: true };
    const detail = protocol.detail(run({ deflate }, client(frame)).view(0), 100);
    expect(detail.sources.map(({ label, total }) => [label, total])).toEqual([
      ['Wire', frame.length],
      ['Unmasked', payload.length],
      ['Inflated', 11],
    ]);
    expect(show(detail, 'websocket.pmc')).toBe('true @0 0+1');
    expect(show(detail, 'websocket.payload.text')).toBe('hello hello @2 0+11');
    expect(show(detail, 'websocket.inflated_length')).toBe('11 @0 0+0');
  });

  it('reads no more than the limit', () => {
    const dissected = run({}, client(composeFrame({ opcode: 2, maskingKey: KEY, payload: new Uint8Array(100_000) })));
    const detail = protocol.detail(dissected.view(0), 500);
    expect(detail.sources.map(({ bytes, total }) => [bytes.length, total])).toEqual([
      [500, 100_014],
      [500, 100_000],
    ]);
  });
});

describe('the detail of a fragmented message', () => {
  it('puts the fragments together and says where they are', () => {
    const dissected = run(
      {},
      client(
        composeFrame({ opcode: 1, fin: false, maskingKey: KEY, payload: ascii('ab') }),
        composeFrame({ opcode: 9, maskingKey: KEY, payload: ascii('ping') }),
        composeFrame({ opcode: 0, maskingKey: KEY, payload: ascii('cd') }),
      ),
    );
    const detail = protocol.detail(dissected.view(3), 100);
    expect(utf8(detail.sources[detail.payload!]!.bytes)).toBe('abcd');
    expect(show(detail, 'websocket.fragment.count')).toBe('2 @0 0+0');
    expect(show(detail, 'websocket.reassembled.length')).toBe('4 @0 0+0');
    expect(show(detail, 'websocket.payload.text')).toBe('abcd @1 0+4');
    const fragments = all(detail.fields).filter((field) => field.name === 'websocket.fragment');
    expect(fragments.map(({ start, length }) => [start, length])).toEqual([
      [0, 8],
      [18, 8],
    ]);
    expect(show(protocol.detail(dissected.view(2), 100), 'websocket.fragment_of')).toBe('1 @0 0+0');
  });

  it('finds enough payload among tiny fragments without reading everything', () => {
    const tiny = composeFrame({ opcode: 0, fin: false, maskingKey: KEY, payload: ascii('x') });
    const frames = [composeFrame({ opcode: 1, fin: false, maskingKey: KEY, payload: ascii('x') })];
    for (let i = 0; i < 20_000; i++) frames.push(tiny);
    const dissected = run({}, client(...frames, composeFrame({ opcode: 0, maskingKey: KEY })));
    const view = dissected.view(dissected.records.length - 1);
    let largest = 0;
    const bounded = {
      ...view,
      bytes: (limit = 0) => {
        largest = Math.max(largest, limit);
        return view.bytes(limit);
      },
    };
    expect(protocol.payload(bounded, 1000)).toEqual({ bytes: ascii('x'.repeat(1000)), total: 20_001, text: true });
    expect(largest).toBeLessThanOrEqual(8 * 1000 + 65_536);
  });
});

describe('a summary', () => {
  const summary = (text: string) =>
    protocol.summary(run({}, server(composeFrame({ opcode: 1, payload: ascii(text) }))).view(0));

  it('shows what would steer a screen', () => {
    expect(summary('a\r\nb\tc')).toBe('a\\r\\nb\\tc');
    expect(summary('\u001b[31mred')).toBe('␛[31mred');
    expect(summary('user\u202egpj.exe')).toBe('user⟨U+202E⟩gpj.exe');
    expect(summary('a\u2028b\u0000')).toBe('a b␀');
  });

  it('is short, and whole where it is cut', () => {
    expect(summary('€'.repeat(5000))).toBe(`${'€'.repeat(199)}…`);
    expect(summary('{"a":1}')).toBe('{"a":1}');
  });
});

describe('a stream cut at every offset', () => {
  it('keeps every byte and every law', () => {
    const whole = Uint8Array.from([
      ...composeFrame({ opcode: 1, fin: false, payload: ascii('hé') }),
      ...composeFrame({ opcode: 9, payload: ascii('p') }),
      ...composeFrame({ opcode: 0, payload: ascii('llo') }),
      ...composeFrame({ opcode: 2, payload: new Uint8Array(130) }),
      ...composeFrame({ opcode: 2, payload: ascii('x'), lengthForm: 64 }),
      ...composeFrame({ opcode: 8, payload: composeClosePayload(1000, 'bye') }),
    ]);
    for (let length = 0; length <= whole.length; length++) {
      const segment = { direction: Direction.serverToClient, bytes: whole.subarray(0, length) };
      totality(
        (sink) => openWebSocket(sink, { deflate: undefined, otherExtension: false }),
        [segment],
        () => protocol,
      );
    }
  });
});
