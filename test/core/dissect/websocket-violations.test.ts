// Each violation of RFC 6455 and RFC 7692 gets its note, and the bytes go on being dissected.
import { Deflate } from 'pako';
import { describe, expect, it } from 'vitest';
import { composeClosePayload, composeFrame, type FrameValues } from '../../../src-main/core/compose/websocket.ts';
import { InflateBudget } from '../../../src-main/core/dissect/inflated-bytes.ts';
import { websocketProtocol } from '../../../src-main/core/dissect/websocket/detail.ts';
import { RAW, WEBSOCKET_NOTES, WebSocketNote } from '../../../src-main/core/dissect/websocket/format.ts';
import { openWebSocket, type WebSocketAgreement } from '../../../src-main/core/dissect/websocket/websocket.ts';
import { Direction } from '../../../src-main/core/record.ts';
import { chunkingLaw, type Dissected, dissect, type Segment, totality } from '../../fuzz/laws.ts';

const PLAIN: WebSocketAgreement = { deflate: undefined, otherExtension: false };
const TAKEOVER: WebSocketAgreement = {
  deflate: { clientNoContextTakeover: false, serverNoContextTakeover: false },
  otherExtension: false,
};
const NO_TAKEOVER: WebSocketAgreement = {
  deflate: { clientNoContextTakeover: true, serverNoContextTakeover: true },
  otherExtension: false,
};

const ascii = (text: string) => new TextEncoder().encode(text);

/** A write of the server. */
function server(...frames: (FrameValues | Uint8Array)[]): Segment {
  return { direction: Direction.serverToClient, bytes: join(frames) };
}
function client(...frames: FrameValues[]): Segment {
  return {
    direction: Direction.clientToServer,
    bytes: join(frames.map((frame) => ({ maskingKey: new Uint8Array([1, 2, 0x80, 4]), ...frame }))),
  };
}
function join(frames: (FrameValues | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(frames.flatMap((f) => [...(f instanceof Uint8Array ? f : composeFrame(f))]));
}

/** `agreement` null: the handshake was not seen. */
function run(segments: Segment[], agreement: WebSocketAgreement | null = PLAIN): Dissected {
  const open = (sink: Parameters<typeof openWebSocket>[0]) => openWebSocket(sink, agreement ?? undefined);
  totality(open, segments, () => websocketProtocol);
  return chunkingLaw(open, segments, [1, 4, 9]);
}

function notesOf(dissected: Dissected): string[][] {
  return dissected.records.map((record) => noteNames(record.notes));
}
function noteNames(bits: number): string[] {
  return Object.keys(WebSocketNote).filter((name) => bits & WebSocketNote[name as keyof typeof WebSocketNote]);
}
function typesOf(dissected: Dissected): string[] {
  return dissected.records.map((record) => websocketProtocol.types[record.type]!);
}

/** The messages as one compressor with context takeover sends them. */
function compress(messages: string[]): Uint8Array[] {
  const deflate = new Deflate({ raw: true });
  const parts: number[] = [];
  deflate.onData = (part) => parts.push(...(part as Uint8Array));
  return messages.map((message) => {
    parts.length = 0;
    deflate.push(message, 2);
    return Uint8Array.from(parts.slice(0, -4));
  });
}

const TEXT = { opcode: 1, payload: ascii('hi') };

describe('notes', () => {
  it('fit into the bits of a record', () => {
    expect(WEBSOCKET_NOTES.length).toBeLessThanOrEqual(31);
  });

  it.each<[string, Segment[], string[][]]>([
    ['an unmasked client', [client({ ...TEXT, maskingKey: undefined })], [['maskMissing']]],
    ['a masking server', [server({ ...TEXT, maskingKey: new Uint8Array(4) })], [['maskUnexpected']]],
    ['RSV1 without an extension', [server({ ...TEXT, rsv: 4 })], [['rsvSet']]],
    ['RSV2', [server({ ...TEXT, rsv: 2 })], [['rsvSet']]],
    ['RSV3 on a ping', [server({ opcode: 9, rsv: 1 })], [['rsvSet']]],
    ['a reserved data opcode', [server({ opcode: 3 }, TEXT)], [['reservedOpcode'], []]],
    ['a reserved control opcode', [server({ opcode: 11, payload: ascii('x') }, TEXT)], [['reservedOpcode'], []]],
    ['an orphan continuation', [server({ opcode: 0, payload: ascii('x') }, TEXT)], [['orphanContinuation'], []]],
    [
      'a text inside a message',
      [server({ ...TEXT, fin: false }, TEXT, { opcode: 0 })],
      [[], ['unfinishedMessage'], ['interleavedMessage'], ['orphanContinuation']],
    ],
    ['a 16-bit length for 2', [server({ ...TEXT, lengthForm: 16 })], [['nonMinimalLength']]],
    ['a 64-bit length for 2', [server({ ...TEXT, lengthForm: 64 })], [['nonMinimalLength']]],
    ['a ping of 126 bytes', [server({ opcode: 9, payload: new Uint8Array(126) }, TEXT)], [['controlTooLong'], []]],
    ['a fragmented ping', [server({ opcode: 9, fin: false }, TEXT)], [['controlFragmented'], []]],
    ['a pong nobody asked for', [server({ opcode: 10, payload: ascii('x') })], [['unsolicitedPong']]],
    ['a close of one byte', [server({ opcode: 8, payload: ascii('x') })], [['closeLength']]],
    ['an empty close', [server({ opcode: 8 })], [[]]],
    ['a frame after close', [server({ opcode: 8 }, TEXT, { opcode: 9 })], [[], ['afterClose'], ['afterClose']]],
    ['text that is not UTF-8', [server({ opcode: 1, payload: new Uint8Array([0x61, 0xff]) })], [['invalidUtf8']]],
    ['text that ends inside a character', [server({ opcode: 1, payload: new Uint8Array([0xc3]) })], [['invalidUtf8']]],
    ['a surrogate', [server({ opcode: 1, payload: new Uint8Array([0xed, 0xa0, 0x80]) })], [['invalidUtf8']]],
    ['an overlong form', [server({ opcode: 1, payload: new Uint8Array([0xc0, 0x80]) })], [['invalidUtf8']]],
    ['binary that is not UTF-8', [server({ opcode: 2, payload: new Uint8Array([0xff]) })], [[]]],
    [
      'a masked text that is not UTF-8',
      [client({ opcode: 1, payload: new Uint8Array([...ascii('long enough to be read by words'), 0xff]) })],
      [['invalidUtf8']],
    ],
    [
      'invalid UTF-8 in the second fragment',
      [server({ ...TEXT, fin: false }, { opcode: 0, fin: false, payload: new Uint8Array([0xff]) }, { opcode: 0 })],
      [[], ['invalidUtf8'], [], ['invalidUtf8']],
    ],
    [
      'a character that the last fragment does not finish',
      [
        server(
          { opcode: 1, fin: false, payload: new Uint8Array([0xe2]) },
          { opcode: 0, payload: new Uint8Array([0x82]) },
        ),
      ],
      [[], ['invalidUtf8'], ['invalidUtf8']],
    ],
  ])('%s', (_, segments, expected) => {
    expect(notesOf(run(segments))).toEqual(expected);
  });

  it.each([
    [0, 'closeCodeInvalid'],
    [999, 'closeCodeInvalid'],
    [1004, 'closeCodeForbidden'],
    [1005, 'closeCodeForbidden'],
    [1006, 'closeCodeForbidden'],
    [1015, 'closeCodeForbidden'],
    [1016, 'closeCodeUnassigned'],
    [2999, 'closeCodeUnassigned'],
    [5000, 'closeCodeInvalid'],
    [65535, 'closeCodeInvalid'],
  ])('close code %i', (code, note) => {
    expect(notesOf(run([server({ opcode: 8, payload: composeClosePayload(code, 'x') })]))).toEqual([[note]]);
  });

  it.each([1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999])('close code %i is fine', (code) => {
    expect(notesOf(run([server({ opcode: 8, payload: composeClosePayload(code) })]))).toEqual([[]]);
  });

  it('a close reason that is not UTF-8', () => {
    const payload = new Uint8Array([0x03, 0xe8, 0xff]);
    expect(notesOf(run([server({ opcode: 8, payload })]))).toEqual([['closeReasonText']]);
  });
});

describe('lengths', () => {
  it.each([
    [2n ** 63n - 1n, 'lengthTooLarge'],
    [2n ** 53n, 'lengthTooLarge'],
    [2n ** 63n, 'lengthSignBit'],
    [2n ** 64n - 1n, 'lengthSignBit'],
  ])('of %s bytes are noted at once and never allocated', (declaredLength, note) => {
    const dissected = run([server({ opcode: 2, declaredLength, lengthForm: 64 }), server(ascii('rest'))]);
    expect(notesOf(dissected)).toEqual([[note], ['unreadable']]);
    expect(typesOf(dissected)).toEqual(['binary', 'raw']);
    expect(dissected.records[0]).toMatchObject({ at: 1000, length: 10 });
    const field = websocketProtocol
      .detail(dissected.view(0), 100)
      .fields[0]!.children!.find((each) => each.name === 'websocket.payload_length_ext_64');
    expect(field?.value).toBe(declaredLength);
  });

  it('of 2³²+5 bytes are believed', () => {
    const dissected = run([server({ opcode: 2, declaredLength: 2n ** 32n + 5n, payload: ascii('abc') })]);
    expect(notesOf(dissected)).toEqual([['truncated']]);
    expect(dissected.records[0]).toMatchObject({ length: 13, size: 3 });
  });

  it('of 64 KiB need eight bytes', () => {
    const dissected = dissect(
      (sink) => openWebSocket(sink, PLAIN),
      [server({ opcode: 2, payload: new Uint8Array(65_536) })],
    );
    expect(dissected.records).toMatchObject([{ length: 65_546, size: 65_536, notes: 0 }]);
  });
});

describe('fragmentation', () => {
  it('keeps a million empty continuations in bounded state', () => {
    const sink = { draft: {} as never, count: 0, last: {} as Record<string, number> };
    const dissector = openWebSocket(
      {
        draft: sink.draft,
        commit: () => {
          Object.assign(sink.last, sink.draft);
          return sink.count++;
        },
        derive: () => 0,
        inflateBudget: new InflateBudget(),
      },
      PLAIN,
    );
    dissector.push(Direction.serverToClient, composeFrame({ opcode: 1, fin: false }), 1);
    const burst = new Uint8Array(20_000);
    for (let i = 0; i < 100; i++) dissector.push(Direction.serverToClient, burst, 2);
    dissector.push(Direction.serverToClient, composeFrame({ opcode: 0, payload: ascii('!') }), 3);
    expect(sink.count).toBe(1_000_003);
    expect(sink.last).toMatchObject({ levels: 4, start: 0, length: 2_000_005, size: 1, notes: 0 });
  });

  it('reports a message that never ends', () => {
    const dissected = run([server({ ...TEXT, fin: false }, { opcode: 0, fin: false, payload: ascii('x') })]);
    expect(notesOf(dissected)).toEqual([[], [], ['unfinishedMessage']]);
    expect(dissected.records[2]).toMatchObject({ levels: 4, start: 0, length: 7, size: 3 });
  });

  it('puts a message with an empty first fragment and control frames inside together', () => {
    const dissected = run([
      client(
        { opcode: 2, fin: false },
        { opcode: 9, payload: ascii('p') },
        { opcode: 0, fin: false, payload: ascii('ab') },
      ),
      client({ opcode: 0, payload: ascii('c') }),
    ]);
    expect(typesOf(dissected)).toEqual(['binary', 'ping', 'continuation', 'continuation', 'binary']);
    const message = dissected.view(4);
    expect(websocketProtocol.payload(message, 100)).toEqual({ bytes: ascii('abc'), total: 3, text: false });
    expect(websocketProtocol.payload(message, 2)).toEqual({ bytes: ascii('ab'), total: 3, text: false });
    expect(message.record).toMatchObject({ link: 0, start: 0, length: 6 + 7 + 8 + 7 });
  });
});

describe('pings', () => {
  it('are answered by the pong with their payload', () => {
    const ping = (text: string) => server({ opcode: 9, payload: ascii(text) });
    const pong = (text: string) => client({ opcode: 10, payload: ascii(text) });
    const dissected = run([ping('a'), ping('b'), ping('b'), pong('b'), pong('a'), ping('c'), pong('c')]);
    expect(dissected.records.map((record) => record.link)).toEqual([-1, -1, -1, 2, -1, -1, 5]);
    expect(websocketProtocol.summary(dissected.view(3))).toBe('b · 1.000 ms');
  });
});

describe('a direction that ends', () => {
  it.each([1, 2, 3, 5, 9])('after %i bytes leaves a truncated record', (length) => {
    const whole = client({ opcode: 1, payload: ascii('hello') });
    const dissected = run([{ ...whole, bytes: whole.bytes.subarray(0, length) }]);
    expect(notesOf(dissected)).toEqual([['truncated']]);
    const expected = length < 6 ? { type: RAW, length, size: length } : { type: 1, length, size: length - 6 };
    expect(dissected.records[0]).toMatchObject(expected);
  });

  it('gives the same for a second end', () => {
    const whole = server(TEXT);
    const dissected = dissect(
      (sink) => {
        const dissector = openWebSocket(sink, PLAIN);
        return {
          push: (...args) => dissector.push(...args),
          gap: (...args) => dissector.gap(...args),
          end: (...args) => {
            dissector.end(...args);
            dissector.end(...args);
          },
        };
      },
      [{ ...whole, bytes: whole.bytes.subarray(0, 3) }],
    );
    expect(dissected.records).toHaveLength(1);
  });
});

describe('a gap', () => {
  function withGap(before: Uint8Array, length: number, after: Uint8Array): Dissected {
    return dissect(
      (sink) => openWebSocket(sink, PLAIN),
      [
        { direction: Direction.serverToClient, bytes: before },
        { direction: Direction.serverToClient, bytes: after, gapBefore: length },
      ],
    );
  }

  it('inside a payload leaves the frames after it in step', () => {
    const bytes = composeFrame({ opcode: 1, payload: ascii('hello') });
    const dissected = withGap(bytes.slice(0, 3), 3, new Uint8Array([...bytes.slice(6), ...composeFrame(TEXT)]));
    expect(notesOf(dissected)).toEqual([['gap'], []]);
    expect(dissected.records).toMatchObject([
      { start: 0, length: 7 },
      { start: 7, length: 4 },
    ]);
  });

  it('beyond a payload starts again with the next frame', () => {
    const bytes = composeFrame({ opcode: 1, payload: ascii('hello') });
    const dissected = withGap(bytes.slice(0, 3), 100, composeFrame(TEXT));
    expect(notesOf(dissected)).toEqual([['truncated'], ['gap']]);
    expect(dissected.records[1]).toMatchObject({ start: 103, length: 4 });
  });
});

describe('permessage-deflate', () => {
  const [first, second] = compress(['the same words again', 'the same words again']) as [Uint8Array, Uint8Array];
  const compressed = (payload: Uint8Array): FrameValues => ({ opcode: 1, rsv: 4, payload });

  it('inflates messages that share a window, per direction', () => {
    const dissected = run(
      [server(compressed(first)), client(compressed(first), compressed(second)), server(compressed(second))],
      TAKEOVER,
    );
    expect(dissected.records.map((record) => record.size)).toEqual([20, 20, 20, 20]);
    expect(notesOf(dissected)).toEqual([[], [], [], []]);
    expect(websocketProtocol.summary(dissected.view(3))).toBe('the same words again');
  });

  it('forgets the window without context takeover', () => {
    expect(notesOf(run([server(compressed(first), compressed(second))], NO_TAKEOVER))).toEqual([[], ['inflateFailed']]);
  });

  it('says that the context is lost after an error, until a message stands for itself', () => {
    const broken = new Uint8Array([0xff, 0xff]);
    const dissected = run(
      [server(compressed(first), compressed(broken), compressed(second), compressed(first))],
      TAKEOVER,
    );
    expect(notesOf(dissected)).toEqual([[], ['inflateFailed'], ['contextLost'], []]);
  });

  it('infers compression and lost context when joining late', () => {
    const dissected = run([server(compressed(second), compressed(first))], null);
    expect(notesOf(dissected)).toEqual([['inferred', 'contextLost'], []]);
  });

  it('infers swapped directions when joining late', () => {
    const dissected = run(
      [client({ ...TEXT, maskingKey: undefined }), server({ ...TEXT, maskingKey: new Uint8Array(4) })],
      null,
    );
    expect(notesOf(dissected)).toEqual([['inferred'], []]);
  });

  it('notes RSV1 on a continuation and on a control frame', () => {
    const dissected = run(
      [
        server(
          { ...compressed(first.subarray(0, 4)), fin: false },
          { opcode: 9, rsv: 4 },
          { opcode: 0, rsv: 4, payload: first.subarray(4) },
        ),
      ],
      TAKEOVER,
    );
    expect(notesOf(dissected)).toEqual([[], ['rsv1OnControl'], ['rsv1OnContinuation'], []]);
    expect(dissected.records[3]).toMatchObject({ size: 20 });
  });

  it('notes data that ends inside a block', () => {
    const dissected = run([server(compressed(new Uint8Array(0)), compressed(first.subarray(0, 3)))], NO_TAKEOVER);
    expect(notesOf(dissected)).toEqual([['inflateFailed'], ['inflateFailed']]);
  });

  it('notes data behind a final block', () => {
    const final = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    const more = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    const dissected = run([server(compressed(Uint8Array.from([...final, ...more])))], TAKEOVER);
    expect(notesOf(dissected)).toEqual([['finalBlock', 'dataAfterFinal']]);
    expect(websocketProtocol.summary(dissected.view(0))).toBe('HelloHello');
  });

  it('validates the inflated text', () => {
    const stored = new Uint8Array([0x00, 0x01, 0x00, 0xfe, 0xff, 0xff, 0x00]);
    expect(notesOf(run([server(compressed(stored))], TAKEOVER))).toEqual([['invalidUtf8']]);
  });

  it('keeps what was inflated of a message that is cut off', () => {
    const whole = composeFrame(compressed(new Uint8Array([0x00, 0x03, 0x00, 0xfc, 0xff, 0x61, 0x62, 0x63, 0x00])));
    const dissected = run([server(whole.subarray(0, 9))], TAKEOVER);
    expect(notesOf(dissected)).toEqual([['truncated']]);
    expect(websocketProtocol.summary(dissected.view(0))).toBe('ab');
  });
});
