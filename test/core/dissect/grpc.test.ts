// gRPC over HTTP/2: calls, messages however they are framed, and the words of its headers.
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/core/dissect/bytes.ts';
import { GrpcMessageReader } from '../../../src-main/core/dissect/grpc/messages.ts';
import { decodePercent, parseTimeout } from '../../../src-main/core/dissect/grpc/rules.ts';
import { Frame } from '../../../src-main/core/dissect/http2/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { decodePayload } from '../../../src-main/core/payload/decode.ts';
import { Level } from '../../../src-main/core/record.ts';
import { dissect, type Segment } from '../../fuzz/laws.ts';
import { answer, call, field, goOn, grpc, HELLO, last, payloadOf, records, told, trailers } from './grpc-dialogue.ts';
import {
  ANSWER,
  type Bytes,
  bytesOf,
  CALL,
  data,
  ENDS,
  frame,
  fromClient,
  fromServer,
  headers,
  integer,
  literal,
  message,
  START,
} from './http2-frames.ts';

describe('calls', () => {
  it('a call, its messages and its status belong together', () => {
    const dissected = goOn(
      fromClient(call(), data(1, message(HELLO), 1)),
      fromServer(answer(), data(1, message(HELLO)), trailers()),
    );
    expect(told(dissected)).toEqual([
      'call → /chat.ChatService/SendMessage',
      'message {1: "hello"}',
      'answer ← no metadata',
      'message {1: "hello"}',
      'status 0 OK',
    ]);
    const [first, ...others] = records(dissected);
    expect(others.map((record) => record.link)).toEqual(others.map(() => first!.seq));
    expect(new Set(records(dissected).map((record) => record.stream))).toEqual(new Set([1]));
    expect(records(dissected).map((record) => record.levels)).toEqual([
      Level.event,
      Level.message,
      Level.event,
      Level.message,
      Level.event,
    ]);
    expect(field(dissected, others[3]!, 'grpc.duration')!.value).toBe(1000);
    expect(grpc.quick!['grpc.status_code']!(others[3]!)).toBe(0);
  });

  it('a message can be viewed as protobuf', () => {
    const dissected = goOn(fromClient(call(), data(1, message(HELLO))));
    const view = decodePayload(grpc.payload(dissected.view(last(dissected).seq), 1000)!, 'auto');
    expect(view.view).toBe('protobuf');
    expect(view.tree).toMatchObject([{ label: '1', value: '"hello"' }]);
  });

  it('a long field is shown as far as its summary goes', () => {
    const text = bytesOf([8, 5, 0x12, 0xd0, 0x0f], 'long '.repeat(400));
    const dissected = goOn(fromClient(call(), data(1, message(text))));
    const summary = grpc.summary(dissected.view(last(dissected).seq));
    expect(summary).toMatch(/^\{1: 5, 2: "(long ){30,}.*…$/);
    expect(summary.length).toBeLessThanOrEqual(200);
  });

  it('JSON is text', () => {
    const dissected = goOn(fromClient(call({ 'content-type': 'application/grpc+json' }), data(1, message('{"a":1}'))));
    expect(told(dissected).at(-1)).toBe('message {"a":1}');
    expect(grpc.payload(dissected.view(last(dissected).seq), 100)!.text).toBe(true);
  });

  it('other content is no call', () => {
    expect(told(goOn(fromClient(call({ 'content-type': 'text/plain' }), data(1, 'x'))))).toEqual([]);
    expect(told(goOn(fromClient(call({ 'content-type': 'application/grpc-other' }), data(1, 'x'))))).toEqual([]);
  });

  it('metadata, binary metadata, timeout and method are fields', () => {
    const dissected = goOn(
      fromClient(
        call({
          'grpc-timeout': '1500m',
          'x-trace': 'abc',
          'k-bin': 'AAEC',
          'two-bin': 'AA,AQ',
          'raw-bin': '\0\x01\x02',
        }),
      ),
    );
    const record = last(dissected);
    expect(field(dissected, record, 'grpc.service')!.value).toBe('chat.ChatService');
    expect(field(dissected, record, 'grpc.method')!.value).toBe('SendMessage');
    expect(field(dissected, record, 'grpc.timeout')!.value).toBe(1_500_000);
    const { fields } = grpc.detail(dissected.view(record.seq), 1000);
    const metadata = fields[0]!.children!.filter((each) => each.name === 'grpc.metadata').map((each) => each.value);
    expect(metadata).toEqual(['x-trace: abc', 'k-bin: 00 01 02', 'two-bin: 00, 01', 'raw-bin: 01 02']);
  });

  it('an answer seen without its request', () => {
    const dissected = dissect(openHttp2, [
      fromClient(frame(Frame.ping, 0, 0, 'pingpong'), data(1, 'in the midst of something')),
      fromServer(answer(), data(1, message(HELLO)), trailers()),
    ]);
    expect(told(dissected)).toEqual(['answer ← no metadata', 'message {1: "hello"}', 'status 0 OK']);
  });

  it('of a connection joined late, known by method and path though their content-type was not seen', () => {
    const unseen = (...more: Bytes[]) => bytesOf(integer(70, 7, 0x80), integer(71, 7, 0x80), ...more);
    const path = literal(':path', '/chat.ChatService/SendMessage', 0);
    const dissected = dissect(openHttp2, [
      fromClient(
        frame(Frame.ping, 0, 0, 'pingpong'),
        frame(Frame.headers, 4, 7, unseen([0x83, 0x86], path)),
        data(7, message(HELLO), 1),
      ),
      fromServer(
        frame(Frame.headers, 4, 7, unseen([0x88], literal('served-by', 'eu', 0))),
        data(7, message(HELLO)),
        headers(7, { 'grpc-status': '5' }, ENDS),
      ),
      fromClient(frame(Frame.headers, 4, 13, unseen([0x83, 0x86], path))),
      fromServer(frame(Frame.headers, 4, 13, unseen([0x88])), frame(Frame.headers, 5, 13, unseen())),
      // A path that no method has, and a GET.
      fromClient(frame(Frame.headers, 4, 9, unseen([0x83, 0x86, 0x84])), data(9, 'abc')),
      fromClient(frame(Frame.headers, 4, 11, unseen([0x82, 0x86], path))),
    ]);
    expect(told(dissected)).toEqual([
      'call → /chat.ChatService/SendMessage',
      'message {1: "hello"}',
      'answer ← served-by: eu',
      'message {1: "hello"}',
      'status 5 NOT_FOUND',
      'call → /chat.ChatService/SendMessage',
      'answer ← no metadata',
      'status status not seen',
    ]);
  });

  it('initial metadata of the server is a record of its own, unless it is all there is', () => {
    const initial = answer({ 'grpc-encoding': 'gzip', 'x-server': 'eu-1', 'k-bin': 'AAEC' });
    const dissected = goOn(fromClient(call(), data(1, message(HELLO), 1)), fromServer(initial, trailers()));
    expect(told(dissected).slice(2)).toEqual(['answer ← x-server: eu-1, k-bin: 00 01 02', 'status 0 OK']);
    const record = records(dissected)[2]!;
    expect(record).toMatchObject({ direction: 2, stream: 1, levels: Level.event, link: records(dissected)[0]!.seq });
    expect(dissected.view(record.seq).bytes(1000)).toEqual(initial);
    const [root] = grpc.detail(dissected.view(record.seq), 1000).fields;
    expect(root).toMatchObject({ label: 'gRPC answer', value: 'x-server: eu-1, k-bin: 00 01 02' });
    expect(root!.children!.map(({ name, value }) => [name, value])).toEqual([
      ['grpc.encoding', 'gzip'],
      ['grpc.metadata', 'x-server: eu-1'],
      ['grpc.metadata', 'k-bin: 00 01 02'],
      ['grpc.call_in', records(dissected)[0]!.seq + 1],
      ['grpc.duration', 1000],
    ]);
    expect(field(dissected, record, 'grpc.metadata.binary')!.value).toBe('000102');

    const alone = headers(1, { ...ANSWER, 'x-server': 'eu-1', 'grpc-status': '5' }, ENDS);
    expect(told(goOn(fromClient(call()), fromServer(alone))).slice(1)).toEqual(['status 5 NOT_FOUND']);
  });

  it('notes on initial metadata stand where it stands', () => {
    const dissected = goOn(
      fromClient(call()),
      fromServer(headers(1, { ':status': '502', 'content-type': 'text/html', 'x-bin': '!' }), data(1, '<html>', 1)),
    );
    expect(told(dissected).slice(1)).toEqual([
      'answer ← HTTP 502, x-bin: ! badBinary notGrpc httpStatus',
      'status no status missingStatus',
    ]);
  });
});

describe('messages and frames', () => {
  it('a prefix over five frames, a message over more', () => {
    const bytes = message(HELLO);
    const frames = Array.from(bytes, (byte) => data(1, [byte]));
    const dissected = goOn(fromClient(call(), ...frames));
    expect(told(dissected).at(-1)).toBe('message {1: "hello"}');
    expect(field(dissected, last(dissected), 'grpc.frames')!.value).toBe(12);
    expect(payloadOf(dissected, last(dissected))).toEqual(HELLO);
  });

  it('several messages in one frame, one of them empty', () => {
    const dissected = goOn(fromClient(call(), data(1, bytesOf(message(HELLO), message(''), message([8, 1])), 1)));
    expect(told(dissected).slice(1)).toEqual(['message {1: "hello"}', 'message {}', 'message {1: 1}']);
    expect(records(dissected).map((record) => record.length)).toEqual([call().length, 12, 5, 7]);
  });

  it('frames of other streams and padding in between', () => {
    const bytes = message(HELLO);
    const dissected = goOn(
      fromClient(
        call(),
        headers(3, CALL),
        frame(Frame.data, 8, 1, [3, ...bytes.subarray(0, 6), 0, 0, 0]),
        data(3, message([8, 2])),
        frame(Frame.ping, 0, 0, 'pingpong'),
        data(1, bytesOf(bytes.subarray(6), message([8, 3]))),
      ),
    );
    expect(told(dissected).slice(2)).toEqual(['message {1: 2}', 'message {1: "hello"}', 'message {1: 3}']);
    expect(payloadOf(dissected, records(dissected)[3]!)).toEqual(HELLO);
  });

  it('a long message is put together again up to the limit', () => {
    const content = Uint8Array.from({ length: 50_000 }, (_, i) => i);
    const bytes = message(content);
    const frames = [0, 1, 2, 3].map((n) => data(1, bytes.subarray(n * 13_000, (n + 1) * 13_000)));
    const dissected = dissect(openHttp2, [...START, fromClient(call(), ...frames)]);
    const view = dissected.view(last(dissected).seq);
    expect(grpc.payload(view, 1_000_000)).toEqual({ bytes: content, total: 50_000, text: false });
    expect(grpc.payload(view, 30_000)).toEqual({ bytes: content.subarray(0, 30_000), total: 50_000, text: false });
  });

  it.each<[string, Segment, string]>([
    [
      'the stream ends inside',
      fromClient(call(), data(1, message(HELLO, 0, 100), 1)),
      'message {1: "hello"} truncated',
    ],
    ['the prefix is cut', fromClient(call(), data(1, [0, 0, 0], 1)), 'message {} truncated'],
    ['the capture ends inside', fromClient(call(), data(1, message(HELLO, 0, 100))), 'message {1: "hello"} truncated'],
    [
      'the frame is cut',
      fromClient(call(), frame(Frame.data, 0, 1, message(HELLO, 0, 100), 105)),
      'message {1: "hello"} truncated',
    ],
    [
      'a length of 4 GiB',
      fromClient(call(), data(1, message(HELLO, 0, 0xffff_ffff))),
      'message {1: "hello"} truncated largeMessage',
    ],
    ['flag 2', fromClient(call(), data(1, message(HELLO, 2))), 'message {1: "hello"} badFlag'],
    [
      'flag 127',
      fromClient(call({ 'grpc-encoding': 'x' }), data(1, message(HELLO, 127))),
      'message 0a 05 68 65 6c 6c 6f badFlag unknownEncoding',
    ],
    [
      'compressed without encoding',
      fromClient(call(), data(1, message(HELLO, 1))),
      'message 0a 05 68 65 6c 6c 6f compressedWithoutEncoding',
    ],
    [
      'an unknown encoding',
      fromClient(call({ 'grpc-encoding': 'snappy' }), data(1, message(HELLO, 1))),
      'message 0a 05 68 65 6c 6c 6f unknownEncoding',
    ],
  ])('%s', (_, segment, expected) => {
    expect(told(goOn(segment)).at(-1)).toBe(expected);
  });

  it('bytes missing from the capture end the message', () => {
    const dissected = dissect(openHttp2, [
      ...START,
      fromClient(call(), data(1, message(HELLO, 0, 100))),
      { ...fromClient(data(1, message(HELLO))), gapBefore: 200 },
    ]);
    expect(told(dissected).slice(1)).toEqual([expect.stringMatching(/^message .* gap$/)]);
  });

  it('a message of thousands of frames is remembered in part', () => {
    const frames = Array.from({ length: 5000 }, () => data(1, 'x'));
    const dissected = dissect(openHttp2, [...START, fromClient(call(), data(1, message('', 0, 5000)), ...frames)]);
    expect(told(dissected).at(-1)).toMatch(/ manyFrames$/);
    expect(grpc.payload(dissected.view(last(dissected).seq), 100)!.bytes).toEqual(new Uint8Array(100).fill(0x78));
  });
});

describe('words of gRPC', () => {
  it.each([
    ['1H', 3.6e9],
    ['2M', 1.2e8],
    ['3S', 3e6],
    ['4m', 4000],
    ['5u', 5],
    ['60n', 0.06],
    ['', undefined],
    ['1s', undefined],
    ['-1S', undefined],
  ])('timeout %s', (text, expected) => {
    const found = parseTimeout(text);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 6);
  });

  it.each<[string, string, boolean]>([
    ['plain', 'plain', true],
    ['a%20b%25', 'a b%', true],
    ['%F0%9F%8E%89', '🎉', true],
    ['%zz%1', '%zz%1', false],
    ['%ff', '\ufffd', false],
  ])('grpc-message %s', (message_, text, valid) => {
    expect(decodePercent(message_)).toEqual({ text, valid });
  });
});

describe('GrpcMessageReader', () => {
  it('reads messages from pieces of any size, whatever carries them', () => {
    const bytes = bytesOf(message('one'), message(''), message('three', 1));
    for (const size of [1, 2, 3, 5, 8, 100]) {
      const reader = new GrpcMessageReader();
      const found: { flag: number; start: number; text: string }[] = [];
      let text = '';
      for (let from = 0; from < bytes.length; from += size) {
        const to = Math.min(bytes.length, from + size);
        for (let at = from; at < to; ) {
          at = reader.read(bytes, at, to, at);
          text += utf8(bytes.subarray(reader.contentFrom, at));
          if (!reader.complete) continue;
          found.push({ flag: reader.flag, start: reader.start, text });
          text = '';
        }
      }
      expect(found).toEqual([
        { flag: 0, start: 0, text: 'one' },
        { flag: 0, start: 8, text: '' },
        { flag: 1, start: 13, text: 'three' },
      ]);
    }
  });
});
