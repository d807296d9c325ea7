// Every rule of HTTP/2 that the dissector watches over, broken once: the note, the bytes kept, and life going on behind it.
import { describe, expect, it } from 'vitest';
import { GRPC_ID, GRPC_TYPES } from '../../../src-main/core/dissect/grpc/format.ts';
import {
  Frame,
  HTTP2_ID,
  HTTP2_TYPES,
  Http2Flag,
  Http2Note,
  Setting,
} from '../../../src-main/core/dissect/http2/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import { Level, type TimelineRecord } from '../../../src-main/core/record.ts';
import { chunkingLaw, type Dissected, dissect, type Segment, totality } from '../../fuzz/laws.ts';
import * as h2 from './http2-frames.ts';
import {
  data,
  ENDS,
  frame,
  fromClient,
  fromServer,
  GET,
  headers,
  START,
  settings,
  settingsAck,
  uint32,
} from './http2-frames.ts';

const protocolOf = (id: number) => protocolById(id)!;
const PING = frame(Frame.ping, 0, 0, 'pingpong');

/** Dissects a connection that goes on after its start with `segments`, by all laws. */
function goOn(...segments: Segment[]): Dissected {
  const input = [...START, ...segments];
  chunkingLaw(openHttp2, input, [1, 4, 9]);
  return totality(openHttp2, input, protocolOf);
}

/** Names of the notes of a record. */
function notes(record: TimelineRecord | undefined): string[] {
  return Object.entries(Http2Note).flatMap(([name, bit]) => ((record?.notes ?? 0) & bit ? [name] : []));
}

/** `TYPE` or `TYPE note note` of each HTTP/2 record behind the start. */
function told({ records }: Dissected): string[] {
  return records
    .filter((record) => record.protocol === HTTP2_ID)
    .slice(5)
    .map((record) => [HTTP2_TYPES[record.type], ...notes(record)].join(' '));
}

describe('frames (RFC 9113 §4, §6)', () => {
  it.each<[string, Uint8Array, string]>([
    ['PING of seven bytes', frame(Frame.ping, 0, 0, '7 bytes'), 'PING badLength'],
    ['WINDOW_UPDATE of three bytes', frame(Frame.windowUpdate, 0, 0, 'abc'), 'WINDOW_UPDATE badLength'],
    ['RST_STREAM of five bytes', frame(Frame.rstStream, 0, 1, 'abcde'), 'RST_STREAM badLength'],
    ['PRIORITY of four bytes', frame(Frame.priority, 0, 3, 'abcd'), 'PRIORITY badLength'],
    ['SETTINGS of five bytes', frame(Frame.settings, 0, 0, 'abcde'), 'SETTINGS badLength'],
    [
      'SETTINGS ACK with a payload',
      frame(Frame.settings, 1, 0, [0, 2, 0, 0, 0, 0]),
      'SETTINGS badLength unsolicitedAck',
    ],
    ['GOAWAY of seven bytes', frame(Frame.goaway, 0, 0, '7 bytes'), 'GOAWAY badLength'],
    ['HEADERS too short for its priority', frame(Frame.headers, 0x24, 3, 'abc'), 'HEADERS badLength'],
    ['padding without room for its length', frame(Frame.data, 8, 1, []), 'DATA badLength'],
    ['padding as long as the payload', frame(Frame.data, 8, 1, [3, 0, 0]), 'DATA badPadding'],
    ['padding longer than the payload', frame(Frame.headers, 0x0c, 3, [200, 0, 0]), 'HEADERS badPadding'],
    ['SETTINGS on a stream', frame(Frame.settings, 0, 1), 'SETTINGS wrongStream'],
    ['PING on a stream', frame(Frame.ping, 0, 1, 'pingpong'), 'PING wrongStream'],
    ['GOAWAY on a stream', frame(Frame.goaway, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0]), 'GOAWAY wrongStream'],
    ['DATA without a stream', data(0, 'x'), 'DATA wrongStream'],
    ['HEADERS without a stream', headers(0, GET), 'HEADERS wrongStream'],
    ['RST_STREAM without a stream', frame(Frame.rstStream, 0, 0, uint32(8)), 'RST_STREAM wrongStream'],
    ['an unknown type', frame(0xee, 0xff, 77, 'whatever'), 'unknown unknownType'],
    ['ORIGIN', frame(Frame.origin, 0, 0, [0, 1, 0x61]), 'ORIGIN'],
    ['ALTSVC', frame(Frame.altsvc, 0, 0, [0, 1, 0x61, 0x62]), 'ALTSVC'],
    ['a flag without a meaning', frame(Frame.ping, 0x40, 0, 'pingpong'), 'PING reservedBits'],
    ['the reserved bit', frame(Frame.ping, 0, 0x8000_0000, 'pingpong'), 'PING reservedBits'],
    ['ENABLE_PUSH 2', settings([[Setting.enablePush, 2]]), 'SETTINGS badSetting'],
    ['INITIAL_WINDOW_SIZE 2³¹', settings([[Setting.initialWindowSize, 0x8000_0000]]), 'SETTINGS badSetting'],
    ['MAX_FRAME_SIZE 16,383', settings([[Setting.maxFrameSize, 16_383]]), 'SETTINGS badSetting'],
    ['MAX_FRAME_SIZE 2²⁴', settings([[Setting.maxFrameSize, 0x100_0000]]), 'SETTINGS badSetting'],
    ['an ACK of nothing', settingsAck, 'SETTINGS unsolicitedAck'],
    ['a pong of nothing', frame(Frame.ping, 1, 0, 'pingpong'), 'PING unsolicitedAck'],
    ['an increment of 0', frame(Frame.windowUpdate, 0, 0, uint32(0)), 'WINDOW_UPDATE badIncrement'],
    ['a window above 2³¹−1', frame(Frame.windowUpdate, 0, 0, uint32(0x7fff_ffff)), 'WINDOW_UPDATE badIncrement'],
    [
      'a window of a stream above 2³¹−1',
      frame(Frame.windowUpdate, 0, 1, uint32(0x7fff_ffff)),
      'WINDOW_UPDATE badIncrement',
    ],
  ])('%s', (_, bytes, expected) => {
    const dissected = goOn(fromClient(headers(1, GET), bytes, PING));
    expect(told(dissected)).toEqual(['HEADERS', expected, 'PING']);
  });

  it('a frame longer than allowed is noted, and read if that is not much', () => {
    const dissected = goOn(fromClient(headers(1, GET), data(1, new Uint8Array(20_000)), PING));
    expect(told(dissected)).toEqual(['HEADERS', 'DATA frameTooLarge', 'PING']);
    expect(dissected.records.at(-2)).toMatchObject({ length: 20_009, size: 20_000 });
  });

  it('a frame of 2²⁴−1 bytes takes no memory and is passed', () => {
    const dissected = dissect(openHttp2, [
      ...START,
      fromClient(headers(1, GET), frame(Frame.data, 0, 1, [], 0xff_ffff)),
      ...Array.from({ length: 255 }, () => ({ direction: 1 as const, bytes: new Uint8Array(65_536) })),
      fromClient(new Uint8Array(65_535), PING),
    ]);
    expect(told(dissected)).toEqual(['HEADERS', 'DATA frameTooLarge windowExceeded', 'PING']);
    expect(dissected.records.at(-2)).toMatchObject({ length: 0xff_ffff + 9, size: 0 });
    expect(dissected.records.at(-2)!.flags & Http2Flag.unread).not.toBe(0);
  });

  it('a larger MAX_FRAME_SIZE holds from its acknowledgement on', () => {
    const large = data(1, new Uint8Array(20_000));
    const dissected = goOn(
      fromClient(headers(1, GET)),
      fromServer(settings([[Setting.maxFrameSize, 20_000]])),
      fromClient(large, settingsAck, large),
    );
    expect(told(dissected)).toEqual(['HEADERS', 'SETTINGS', 'DATA frameTooLarge', 'SETTINGS', 'DATA']);
    expect(dissected.records.at(-2)!.link).toBe(dissected.records.length - 4);
  });
});

describe('the beginning (RFC 9113 §3.4)', () => {
  const types = ({ records }: Dissected) =>
    records.map((record) => [HTTP2_TYPES[record.type], ...notes(record)].join(' '));
  const begin = (...segments: Segment[]) => {
    chunkingLaw(openHttp2, segments, [1, 4, 9]);
    return types(totality(openHttp2, segments, protocolOf));
  };

  it.each<[string, Segment[], string[]]>([
    [
      'a preface without SETTINGS',
      [fromClient(h2.preface, PING, settings())],
      ['preface', 'PING badPreface', 'SETTINGS'],
    ],
    [
      'a server without SETTINGS',
      [fromClient(h2.preface, settings()), fromServer(PING)],
      ['preface', 'SETTINGS', 'PING badPreface'],
    ],
    [
      'a server first',
      [fromServer(settings()), fromClient(h2.preface, settings())],
      ['SETTINGS', 'preface', 'SETTINGS'],
    ],
    [
      'a server of another kind',
      [fromClient(h2.preface, settings()), fromServer('HTTP/1.1 400 Bad Request\r\n\r\n')],
      ['preface', 'SETTINGS', 'raw truncated badPreface unreadable'],
    ],
    ['half a preface', [fromClient('PRI * HTT')], ['raw truncated badPreface unreadable']],
    ['nearly a preface', [fromClient('PRI * HTTP/1.1\r\n\r\n', PING)], ['raw badPreface unreadable', 'PING inferred']],
    ['no preface', [fromClient(PING, frame(Frame.ping, 1, 0, 'pingpong'))], ['PING inferred', 'PING']],
    ['half a header', [fromClient(h2.preface, [0, 0, 0])], ['preface', 'raw truncated']],
    [
      'half a payload',
      [fromClient(h2.preface, frame(Frame.settings, 0, 0, [0, 2], 6))],
      ['preface', 'SETTINGS truncated'],
    ],
  ])('%s', (_, segments, expected) => {
    expect(begin(...segments)).toEqual(expected);
  });

  it('joined late: headers are resolved as far as they can be, and nothing is held against anybody', () => {
    const late = [
      fromClient(data(1, 'in the middle'), headers(7, { ...GET, 'x-a': '1' })),
      fromServer(
        frame(Frame.headers, 4, 7, h2.bytesOf(h2.integer(70, 7, 0x80), [0x88])),
        data(7, new Uint8Array(90_000).subarray(0, 16_000)),
      ),
      fromClient(settingsAck, frame(Frame.headers, 4, 9, h2.bytesOf([0x82, 0x84, 0x86], h2.integer(62, 7, 0x80)))),
    ];
    expect(begin(...late)).toEqual(['DATA inferred', 'HEADERS', 'HEADERS inferred', 'DATA', 'SETTINGS', 'HEADERS']);
    const dissected = dissect(openHttp2, late);
    const http2 = protocolOf(HTTP2_ID);
    expect(http2.summary(dissected.view(2))).toBe('#7 200');
    expect(JSON.stringify(http2.detail(dissected.view(2), 1000))).toContain('<unknown>: <unknown>');
    expect(JSON.stringify(http2.detail(dissected.view(5), 1000))).toContain('x-a: 1');
  });

  it('behind a gap, frames are found again', () => {
    const dissected = dissect(openHttp2, [
      ...START,
      fromClient(headers(1, GET)),
      { ...fromClient('the rest of some frame ', PING, headers(3, GET)), gapBefore: 500 },
    ]);
    expect(told(dissected)).toEqual(['HEADERS', 'raw gap inferred unreadable', 'PING', 'HEADERS']);
  });

  it('a gap inside a frame costs only that frame', () => {
    const whole = frame(Frame.data, 0, 1, 'x'.repeat(100));
    const dissected = dissect(openHttp2, [
      ...START,
      fromClient(headers(1, GET), whole.subarray(0, 50)),
      { ...fromClient(whole.subarray(70), PING), gapBefore: 20 },
    ]);
    expect(told(dissected)).toEqual(['HEADERS', 'DATA gap', 'PING']);
    expect(dissected.records.at(-2)!.length).toBe(109);
  });
});

describe('streams (RFC 9113 §5.1)', () => {
  it.each<[string, Segment[], string[]]>([
    ['an even number from the client', [fromClient(headers(2, GET))], ['HEADERS badStreamId']],
    ['a lower number', [fromClient(headers(5, GET), headers(3, GET))], ['HEADERS', 'HEADERS badStreamId']],
    ['a stream from the server without a promise', [fromServer(headers(2, h2.ANSWER))], ['HEADERS badStreamId']],
    ['DATA on an idle stream', [fromClient(data(1, 'x'))], ['DATA streamState']],
    ['RST_STREAM on an idle stream', [fromClient(frame(Frame.rstStream, 0, 1, uint32(8)))], ['RST_STREAM streamState']],
    [
      'WINDOW_UPDATE on an idle stream',
      [fromClient(frame(Frame.windowUpdate, 0, 1, uint32(8)))],
      ['WINDOW_UPDATE streamState'],
    ],
    ['PRIORITY on an idle stream', [fromClient(frame(Frame.priority, 0, 1, [0, 0, 0, 0, 0]))], ['PRIORITY']],
    ['DATA behind END_STREAM', [fromClient(headers(1, GET, ENDS), data(1, 'x'))], ['HEADERS', 'DATA streamState']],
    [
      'DATA behind the own RST_STREAM',
      [fromClient(headers(1, GET), frame(Frame.rstStream, 0, 1, uint32(8)), data(1, 'x'))],
      ['HEADERS', 'RST_STREAM', 'DATA streamState'],
    ],
    [
      "DATA behind the other side's RST_STREAM, which it may not have seen",
      [fromClient(headers(1, GET)), fromServer(frame(Frame.rstStream, 0, 1, uint32(8))), fromClient(data(1, 'x'))],
      ['HEADERS', 'RST_STREAM', 'DATA'],
    ],
    [
      'HEADERS behind END_STREAM',
      [fromClient(headers(1, GET, ENDS), headers(1, { 'x-a': '1' }, ENDS))],
      ['HEADERS', 'HEADERS streamState'],
    ],
    [
      'DATA before HEADERS of the answer',
      [fromClient(headers(1, GET)), fromServer(data(1, 'x'))],
      ['HEADERS', 'DATA streamState'],
    ],
    [
      'a promise of an odd stream',
      [fromClient(headers(1, GET)), fromServer(frame(Frame.pushPromise, 4, 1, [...uint32(3), ...h2.block(GET)]))],
      ['HEADERS', 'PUSH_PROMISE badStreamId'],
    ],
    [
      'a promise from the client',
      [fromClient(headers(1, GET), frame(Frame.pushPromise, 4, 1, [...uint32(2), ...h2.block(GET)]))],
      ['HEADERS', 'PUSH_PROMISE streamState'],
    ],
  ])('%s', (_, segments, expected) => {
    expect(told(goOn(...segments))).toEqual(expected);
  });

  it('more than 10,000 open streams: the oldest is forgotten, not held against anybody', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => frame(Frame.headers, 4, i * 2 + 1, [0x82, 0x84, 0x86]));
    const dissected = dissect(openHttp2, [...START, fromClient(...many), fromClient(data(1, 'x'))]);
    const last = told(dissected).slice(-2);
    expect(last).toEqual(['HEADERS limit', 'DATA limit']);
  });
});

describe('what the other side has said about new streams', () => {
  const asked = (setting: readonly [number, number]) => fromServer(settings([setting]));

  it('more than MAX_CONCURRENT_STREAMS (RFC 9113 §5.1.2)', () => {
    const dissected = goOn(
      asked([Setting.maxConcurrentStreams, 2]),
      fromClient(headers(1, GET), settingsAck, headers(3, GET), headers(5, GET)),
      fromServer(headers(1, h2.ANSWER, ENDS)),
      fromClient(data(1, '', 1), frame(Frame.rstStream, 0, 3, uint32(8)), headers(7, GET), headers(9, GET)),
    );
    const refused = dissected.records.filter((record) => notes(record).includes('notAllowed'));
    expect(refused.map((record) => record.stream)).toEqual([5, 9]);
  });

  it('a push although ENABLE_PUSH is 0 (RFC 9113 §6.5.2)', () => {
    const push = frame(Frame.pushPromise, 4, 1, [...uint32(2), ...h2.block(GET)]);
    const dissected = goOn(
      fromClient(settings([[Setting.enablePush, 0]]), headers(1, GET)),
      fromServer(settingsAck, push),
    );
    expect(told(dissected).at(-1)).toBe('PUSH_PROMISE notAllowed');
  });

  it('behind GOAWAY (RFC 9113 §6.8)', () => {
    const goaway = (lastStream: number) => frame(Frame.goaway, 0, 0, [...uint32(lastStream), ...uint32(0)]);
    const dissected = goOn(
      fromClient(headers(1, GET)),
      fromServer(goaway(0x7fff_ffff)),
      fromClient(headers(3, GET)),
      fromServer(goaway(3)),
      fromClient(headers(5, GET), data(1, 'x')),
    );
    expect(told(dissected)).toEqual(['HEADERS', 'GOAWAY', 'HEADERS', 'GOAWAY', 'HEADERS behindGoaway', 'DATA']);
  });
});

describe('header blocks (RFC 9113 §6.10, §8)', () => {
  const part = (stream: number, flags: number, bytes: h2.Bytes) => frame(Frame.continuation, flags, stream, bytes);

  it.each<[string, Segment[], string[]]>([
    ['CONTINUATION without HEADERS', [fromClient(part(1, 4, [0x82]))], ['CONTINUATION orphanContinuation']],
    [
      'another stream inside a block',
      [fromClient(headers(1, GET, 0), headers(3, GET), part(1, 4, []))],
      ['HEADERS', 'HEADERS headersInterrupted', 'CONTINUATION orphanContinuation'],
    ],
    ['PING inside a block', [fromClient(headers(1, GET, 0), PING)], ['HEADERS', 'PING headersInterrupted']],
    [
      'CONTINUATION of another stream',
      [fromClient(headers(1, GET, 0), part(3, 4, []))],
      ['HEADERS', 'CONTINUATION headersInterrupted orphanContinuation'],
    ],
    [
      'a block in three frames',
      [fromClient(frame(Frame.headers, 0, 1, [0x82]), part(1, 0, [0x84]), part(1, 4, [0x86]))],
      ['HEADERS', 'CONTINUATION', 'CONTINUATION'],
    ],
    ['index 0', [fromClient(frame(Frame.headers, 4, 1, [0x80, 0x82, 0x84, 0x86]))], ['HEADERS hpackIndex']],
    [
      'an index beyond the tables',
      [fromClient(frame(Frame.headers, 4, 1, [0xff, 0x80, 0x01]))],
      ['HEADERS hpackIndex'],
    ],
    [
      'an endless integer',
      [fromClient(frame(Frame.headers, 4, 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
      ['HEADERS hpackInteger'],
    ],
    ['a string that is cut off', [fromClient(frame(Frame.headers, 4, 1, [0x40, 9, 0x61]))], ['HEADERS hpackString']],
    [
      'a table above SETTINGS',
      [fromClient(frame(Frame.headers, 4, 1, [0x3f, 0xe2, 0x1f, 0x82, 0x84, 0x86]))],
      ['HEADERS hpackTableSize'],
    ],
    [
      'a table size inside a block',
      [fromClient(frame(Frame.headers, 4, 1, [0x82, 0x84, 0x86, 0x20]))],
      ['HEADERS hpackTableSize'],
    ],
    ['a pseudo-header behind others', [fromClient(headers(1, { 'x-a': '1', ...GET }))], ['HEADERS malformedHeaders']],
    ['an unknown pseudo-header', [fromClient(headers(1, { ...GET, ':x': '1' }))], ['HEADERS malformedHeaders']],
    ['no :path', [fromClient(headers(1, { ':method': 'GET', ':scheme': 'http' }))], ['HEADERS malformedHeaders']],
    ['CONNECT', [fromClient(headers(1, { ':method': 'CONNECT', ':authority': 'a:1' }))], ['HEADERS']],
    ['upper case', [fromClient(headers(1, { ...GET, Accept: 'x' }))], ['HEADERS malformedHeaders']],
    ['a line end in a value', [fromClient(headers(1, { ...GET, a: 'x\r\ny' }))], ['HEADERS malformedHeaders']],
    ['a header of HTTP/1.1', [fromClient(headers(1, { ...GET, connection: 'close' }))], ['HEADERS malformedHeaders']],
    ['te: trailers', [fromClient(headers(1, { ...GET, te: 'trailers' }))], ['HEADERS']],
    ['te: gzip', [fromClient(headers(1, { ...GET, te: 'gzip' }))], ['HEADERS malformedHeaders']],
    ['a binary value of gRPC', [fromClient(headers(1, { ...GET, 'x-bin': '\0\0\n' }))], ['HEADERS']],
    [
      'an answer without :status',
      [fromClient(headers(1, GET)), fromServer(headers(1, { 'x-a': '1' }))],
      ['HEADERS', 'HEADERS malformedHeaders'],
    ],
    [
      'trailers without END_STREAM',
      [fromClient(headers(1, GET), headers(1, { 'x-a': '1' }))],
      ['HEADERS', 'HEADERS malformedHeaders'],
    ],
  ])('%s', (_, segments, expected) => {
    expect(told(goOn(...segments))).toEqual(expected);
  });

  it('a block of endless CONTINUATION is given up, not collected', () => {
    const flood = Array.from({ length: 200 }, () => part(1, 0, []));
    const all = told(goOn(fromClient(headers(1, GET, 0), ...flood, part(1, 4, []), PING)));
    expect(all.filter((line) => line === 'CONTINUATION continuationFlood')).toHaveLength(200 + 2 - 128);
    expect(all.at(-1)).toBe('PING');
  });

  it('a block beyond 1 MiB is given up', () => {
    const big = Array.from({ length: 80 }, () => part(1, 0, new Uint8Array(16_000)));
    const { records } = dissect(openHttp2, [...START, fromClient(headers(1, GET, 0), ...big, part(1, 4, []))]);
    expect(records.filter((record) => notes(record).includes('limit'))).toHaveLength(1);
    expect(records.at(-1)!.derived).toBe(-1);
  });

  it('a large header referred to thousands of times gives a list that is cut', () => {
    const bomb = h2.bytesOf(
      h2.block(GET),
      h2.literal('x', 'y'.repeat(4000), 0x40),
      new Uint8Array(12_000).fill(0x80 | 62),
    );
    const dissected = goOn(fromClient(frame(Frame.headers, 4, 1, bomb)));
    expect(told(dissected)).toEqual(['HEADERS limit']);
    expect(dissected.sink.derived.at(-1)!.length).toBeLessThan(300_000);
    expect(JSON.stringify(protocolOf(HTTP2_ID).detail(dissected.view(5), 100))).toMatch(/1200\d, 119\d\d left out/);
  });

  it('a smaller header table must be taken note of', () => {
    const dissected = goOn(
      fromServer(settings([[Setting.headerTableSize, 0]])),
      fromClient(settingsAck, headers(1, GET)),
    );
    expect(told(dissected)).toEqual(['SETTINGS', 'SETTINGS', 'HEADERS hpackTableSize']);
  });
});

describe('flow control (RFC 9113 §6.9)', () => {
  const kilobytes = (n: number) => data(1, new Uint8Array(n * 1024));
  const open = fromClient(headers(1, GET));

  it('more than the window', () => {
    const frames = [...Array.from({ length: 4 }, () => kilobytes(15)), kilobytes(5)];
    expect(told(goOn(open, fromClient(...frames))).at(-1)).toBe('DATA windowExceeded');
  });

  it('all of the window: its sender must wait', () => {
    const frames = [...Array.from({ length: 4 }, () => kilobytes(15)), data(1, new Uint8Array(4095))];
    const dissected = goOn(
      open,
      fromClient(...frames),
      fromServer(frame(Frame.windowUpdate, 0, 1, uint32(10))),
      fromClient(data(1, 'x')),
    );
    expect(told(dissected).slice(-3)).toEqual(['DATA windowUsedUp', 'WINDOW_UPDATE', 'DATA windowExceeded']);
  });

  it('padding counts', () => {
    const dissected = goOn(
      fromServer(settings([[Setting.initialWindowSize, 10]])),
      fromClient(settingsAck),
      open,
      fromClient(frame(Frame.data, 8, 1, [8, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
    );
    expect(told(dissected).at(-1)).toBe('DATA windowUsedUp');
  });

  it('a smaller INITIAL_WINDOW_SIZE may make a window negative, and holds from its acknowledgement on', () => {
    const dissected = goOn(
      open,
      fromClient(data(1, new Uint8Array(100))),
      fromServer(settings([[Setting.initialWindowSize, 50]])),
      fromClient(data(1, 'x'), settingsAck, data(1, 'x')),
    );
    expect(told(dissected).slice(-3)).toEqual(['DATA', 'SETTINGS windowNegative', 'DATA windowExceeded']);
    const { fields } = protocolOf(HTTP2_ID).detail(dissected.view(dissected.records.length - 1), 100);
    expect(JSON.stringify(fields)).toContain('"http2.window.stream.before","label":"Stream, before","value":-51');
  });
});

describe('floods', () => {
  const kinds: [string, Uint8Array][] = [
    ['SETTINGS', settings()],
    ['PING', PING],
    ['PRIORITY', frame(Frame.priority, 0, 9, [0, 0, 0, 0, 0])],
    ['DATA', data(1, '')],
  ];
  it.each(kinds)('%s', (type, bytes) => {
    const flood = Array.from({ length: 1010 }, () => bytes);
    const dissected = dissect(openHttp2, [...START, fromClient(headers(1, GET)), fromClient(...flood)]);
    const noted = told(dissected).filter((line) => line === `${type} controlFlood`);
    expect(noted.length).toBeGreaterThanOrEqual(10);
    expect(noted.length).toBeLessThanOrEqual(11);
  });

  it('Rapid Reset', () => {
    const resets = Array.from({ length: 120 }, (_, i) =>
      h2.bytesOf(headers(i * 2 + 1, GET, ENDS), frame(Frame.rstStream, 0, i * 2 + 1, uint32(8))),
    );
    const dissected = dissect(openHttp2, [...START, fromClient(...resets)]);
    expect(told(dissected).filter((line) => line === 'RST_STREAM rapidReset')).toHaveLength(20);
  });

  it('resets that the server is made to send (CVE-2025-8671)', () => {
    const segments = Array.from({ length: 120 }, (_, i) => [
      fromClient(headers(i * 2 + 1, GET), frame(Frame.windowUpdate, 0, i * 2 + 1, uint32(0))),
      fromServer(frame(Frame.rstStream, 0, i * 2 + 1, uint32(1))),
    ]).flat();
    const dissected = dissect(openHttp2, [...START, ...segments]);
    expect(told(dissected).filter((line) => line === 'RST_STREAM rapidReset')).toHaveLength(20);
  });

  it('resets of answered streams are none', () => {
    const segments = Array.from({ length: 120 }, (_, i) => [
      fromClient(headers(i * 2 + 1, GET)),
      fromServer(headers(i * 2 + 1, h2.ANSWER)),
      fromClient(frame(Frame.rstStream, 0, i * 2 + 1, uint32(8))),
    ]).flat();
    expect(told(dissect(openHttp2, [...START, ...segments])).filter((line) => line.includes('rapidReset'))).toEqual([]);
  });
});

describe('levels', () => {
  it('errors, GOAWAY and what is no gRPC are events too', () => {
    const { records } = goOn(
      fromClient(
        headers(1, GET),
        frame(Frame.rstStream, 0, 1, uint32(8)),
        headers(3, h2.CALL),
        frame(Frame.rstStream, 0, 3, uint32(0)),
      ),
      fromServer(frame(Frame.goaway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 2])),
    );
    const events = records.filter((record) => record.protocol === HTTP2_ID && record.levels & Level.event);
    expect(events.map((record) => `${HTTP2_TYPES[record.type]} ${record.stream}`)).toEqual([
      'HEADERS 1',
      'RST_STREAM 1',
      'GOAWAY 0',
    ]);
    const calls = records.filter((record) => record.protocol === GRPC_ID);
    expect(calls.map((record) => `${GRPC_TYPES[record.type]} ${record.stream}`)).toEqual(['call 3', 'reset 3']);
  });
});
