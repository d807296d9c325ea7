// What a person reads about HTTP/2 frames: fields with their bytes, header tables, windows, links; and how connections are
// recognised.
import { describe, expect, it } from 'vitest';
import { hex } from '../../../src-main/core/dissect/bytes.ts';
import { http2Protocol as http2 } from '../../../src-main/core/dissect/http2/detail.ts';
import { Frame, HTTP2_ID, Setting } from '../../../src-main/core/dissect/http2/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import { openStack } from '../../../src-main/core/dissect/stack.ts';
import type { Detail, Field } from '../../../src-main/core/field.ts';
import type { DissectAs } from '../../../src-main/core/protocol.ts';
import { byteByByte, type Dissected, dissect, type Segment } from '../../fuzz/laws.ts';
import * as h2 from './http2-frames.ts';
import {
  data,
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

const open = (...segments: Segment[]) => dissect(openHttp2, [...START, ...segments]);
const detailOf = (dissected: Dissected, seq: number) => http2.detail(dissected.view(seq), 100_000);
const lastDetail = (dissected: Dissected) => detailOf(dissected, dissected.records.length - 1);

function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
}

function all(detail: Detail, name: string): Field[] {
  return flat(detail.fields).filter((field) => field.name === name);
}

/** Values of all fields of a name. */
function values(detail: Detail, name: string): unknown[] {
  return all(detail, name).map((field) => field.value);
}

/** Hex of the bytes a field was read from. */
function bytesAt(detail: Detail, field: Field): string {
  return hex(detail.sources[field.source ?? 0]!.bytes.subarray(field.start, field.start + field.length));
}

describe('fields', () => {
  it('of a frame with padding and priority, with their bytes', () => {
    const block = h2.bytesOf([0x82, 0x86, 0x84], h2.literal('x-a', 'ü', 0x40));
    const priority = [0x80, 0, 0, 7, 15];
    const detail = lastDetail(open(fromClient(frame(Frame.headers, 0x2d, 1, [2, ...priority, ...block, 0, 0]))));
    expect(values(detail, 'http2.length')).toEqual([8 + block.length]);
    expect(values(detail, 'http2.flags.end_stream')).toEqual([true]);
    expect(values(detail, 'http2.pad_length')).toEqual([2]);
    expect(values(detail, 'http2.exclusive')).toEqual([true]);
    expect(values(detail, 'http2.stream_dependency')).toEqual([7]);
    expect(values(detail, 'http2.headers.weight_real')).toEqual([16]);
    expect(values(detail, 'http2.stream_state')).toEqual(['idle → half-closed (client)']);
    const found = all(detail, 'http2.header').map((field) => [field.value, bytesAt(detail, field)]);
    expect(found).toEqual([
      [':method: GET', '82'],
      [':scheme: http', '86'],
      [':path: /', '84'],
      ['x-a: \ufffd', '4003782d6101fc'],
    ]);
    expect(values(detail, 'http2.headers.path')).toEqual(['/']);
    expect(values(detail, 'http2.header.repr').at(-1)).toBe(
      'Literal Header Field with Incremental Indexing - New Name',
    );
    expect(values(detail, 'http2.header.index')).toEqual([2, 6, 4]);
  });

  it('of a block over several frames: its bytes are a source of their own', () => {
    const dissected = open(
      fromClient(frame(Frame.headers, 1, 1, [0x82, 0x84]), frame(Frame.continuation, 4, 1, [0x86])),
    );
    const detail = lastDetail(dissected);
    expect(detail.sources.map(({ label, bytes }) => [label, hex(bytes)]).at(-1)).toEqual(['Header block', '828486']);
    expect(all(detail, 'http2.header').map((field) => bytesAt(detail, field))).toEqual(['82', '84', '86']);
    expect(values(detail, 'http2.block_in')).toEqual([dissected.records.length - 1]);
  });

  it('of a block: the dynamic table behind it, newest entry first', () => {
    const dissected = open(
      fromClient(headers(1, { ...GET, 'x-a': '1' })),
      fromClient(frame(Frame.headers, 4, 3, [0x82, 0x84, 0x86])),
      fromClient(headers(5, { ...GET, 'x-b': '2' })),
    );
    expect(values(lastDetail(dissected), 'http2.header_table.entry')).toEqual([
      'x-b: 2',
      ':path: /',
      ':authority: a',
      ':scheme: http',
      ':method: GET',
      'x-a: 1',
      ':path: /',
      ':authority: a',
      ':scheme: http',
      ':method: GET',
    ]);
    expect(values(detailOf(dissected, 6), 'http2.header_table.count')).toEqual([5]);
  });

  it('of a block: entries that were evicted are not in the table', () => {
    const dissected = open(
      fromClient(headers(1, { ...GET, 'x-a': '1' })),
      fromClient(
        frame(
          Frame.headers,
          4,
          3,
          h2.bytesOf(h2.integer(80, 5, 0x20), [0x82, 0x84, 0x86], h2.literal('x-b', '2', 0x40)),
        ),
      ),
    );
    const detail = lastDetail(dissected);
    expect(values(detail, 'http2.header_table.entry')).toEqual(['x-b: 2', 'x-a: 1']);
    expect(values(detail, 'http2.header_table.maximum')).toEqual([80]);
    expect(values(detail, 'http2.header_table_size_update.header_table_size')).toEqual([80]);
  });

  it('of DATA and WINDOW_UPDATE: windows before and after', () => {
    const dissected = open(
      fromClient(headers(1, GET), data(1, new Uint8Array(100))),
      fromServer(frame(Frame.windowUpdate, 0, 0, uint32(40)), frame(Frame.windowUpdate, 0, 1, uint32(7))),
    );
    const windows = (seq: number) =>
      ['connection.before', 'connection.after', 'stream.before', 'stream.after'].map(
        (which) => values(detailOf(dissected, seq), `http2.window.${which}`)[0],
      );
    expect(windows(6)).toEqual([65_535, 65_435, 65_535, 65_435]);
    expect(windows(7)).toEqual([65_435, 65_475, undefined, undefined]);
    expect(windows(8)).toEqual([65_475, 65_475, 65_435, 65_442]);
  });

  it('of SETTINGS, PING, GOAWAY, RST_STREAM, PUSH_PROMISE and extensions', () => {
    const dissected = open(
      fromServer(
        settings([
          [Setting.maxConcurrentStreams, 100],
          [0xfe03, 1],
          [0x0abc, 2],
        ]),
      ),
      fromClient(settingsAck, headers(1, GET), frame(Frame.ping, 0, 0, 'pingpong')),
      fromServer(frame(Frame.ping, 1, 0, 'pingpong')),
      fromServer(frame(Frame.pushPromise, 4, 1, [0, 0, 0, 2, 0x82, 0x84, 0x86])),
      fromClient(frame(Frame.rstStream, 0, 2, uint32(8))),
      fromServer(frame(Frame.goaway, 0, 0, [...uint32(1), ...uint32(11), 0x68, 0x69])),
      fromServer(frame(Frame.altsvc, 0, 0, [0, 1, 0x61, 0x62]), frame(Frame.origin, 0, 0, [0, 1, 0x61, 0, 1, 0x62])),
      fromServer(frame(Frame.priorityUpdate, 0, 0, [0, 0, 0, 1, 0x75]), frame(0x77, 0, 0, 'xyz')),
    );
    const summaries = dissected.records.slice(5).map((record) => http2.summary(dissected.view(record.seq)));
    expect(summaries).toEqual([
      'MAX_CONCURRENT_STREAMS=100, GRPC_ALLOW_TRUE_BINARY_METADATA=1, 0x0abc=2',
      'ACK',
      '#1 GET /',
      '70696e67706f6e67',
      'ACK 70696e67706f6e67 · 1.000 ms',
      '#1 promises #2: GET /',
      '#2 8 CANCEL',
      '11 ENHANCE_YOUR_CALM, last stream 1: hi',
      'a b',
      'a b',
      '1 u',
      'type 0x77 78 79 7a',
    ]);
    expect(values(detailOf(dissected, 5), 'http2.settings.unknown')).toEqual([1, 2]);
    expect(values(detailOf(dissected, 6), 'http2.settings_in')).toEqual([6]);
    expect(values(detailOf(dissected, 9), 'http2.rtt')).toEqual([1000]);
    expect(values(detailOf(dissected, 10), 'http2.push_promise.promised_stream_id')).toEqual([2]);
    expect(values(detailOf(dissected, 12), 'http2.goaway.error')).toEqual([11]);
    expect(dissected.records[11]!.link).toBe(10);
  });

  it('told by the numbers of a record alone agree with those of its detail', () => {
    const dissected = open(fromClient(headers(1, GET), data(1, 'x', 1), frame(0x77, 3, 9, 'xyz'), [0, 0]));
    for (const record of dissected.records) {
      const detail = detailOf(dissected, record.seq);
      for (const [name, read] of Object.entries(http2.quick!)) {
        expect(read(record), `${name} of ${record.seq}`).toBe(values(detail, name)[0]);
      }
    }
  });

  it('are all defined', () => {
    const defined = new Set(http2.fields.map((field) => field.name));
    const dissected = open(fromClient(headers(1, GET), data(1, 'x', 1)), fromServer(headers(1, h2.ANSWER)));
    const used = dissected.records.flatMap(({ seq }) =>
      flat(detailOf(dissected, seq).fields).map((field) => field.name),
    );
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
  });
});

describe('openStack', () => {
  const chosen = (segments: Segment[], as: DissectAs = { protocol: 'auto' }) => {
    const [whole, cut] = [undefined, byteByByte].map((each) => {
      const { records } = dissect((sink) => openStack('tcp', as, sink), segments, each);
      return [...new Set(records.map((record) => protocolById(record.protocol)!.name))];
    });
    expect(cut).toEqual(whole);
    return whole;
  };

  it.each<[string, Segment[], string[]]>([
    ['the preface', [...START], ['http2']],
    [
      'SETTINGS of a server before it',
      [fromServer(settings([[1, 4096]])), fromClient(h2.preface, settings())],
      ['http2'],
    ],
    ['nearly the preface', [fromClient('PRIVATE hello')], ['tcp']],
    ['nearly SETTINGS', [fromServer([0, 0, 7, 4, 0, 0, 0, 0, 0])], ['tcp']],
    ['three zeros', [fromServer([0, 0, 0])], ['tcp']],
  ])('auto: %s', (_, segments, expected) => {
    expect(chosen(segments)).toEqual(expected);
  });

  const ping = frame(Frame.ping, 0, 0, 'pingpong');
  it.each<[string, Segment[], string[]]>([
    ['headers', [fromClient(frame(Frame.headers, 5, 9, [0x82, 0xbe])), fromServer(ping)], ['http2']],
    ['data of the server', [fromServer(data(3, 'abc')), fromServer(ping)], ['http2']],
    ['the preface', [...START], ['http2']],
    ['a request of HTTP/1', [fromClient('GET / HTTP/1.1\r\n\r\n')], ['http']],
    ['words', [fromClient('hello')], ['tcp']],
    ['few zeros', [fromServer([0, 0, 0])], ['tcp']],
    ['zeros', [fromServer(new Uint8Array(20))], ['tcp']],
    ['a frame of nothing known', [fromServer([0, 0, 1, 0x2a, 0, 0, 0, 0, 1, 7])], ['tcp']],
    ['a frame on no stream', [fromServer([0, 0, 1, 0, 0, 0, 0, 0, 0, 7])], ['tcp']],
  ])('auto, joined late: %s', (_, segments, expected) => {
    expect(chosen(segments, { protocol: 'auto', late: true })).toEqual(expected);
  });

  it('auto, from the beginning: a frame that is not first in HTTP/2', () => {
    expect(chosen([fromServer(data(3, 'abc'))])).toEqual(['tcp']);
  });

  it('http2: whatever comes', () => {
    expect(chosen([fromClient(frame(Frame.ping, 0, 0, 'pingpong'))], { protocol: 'http2' })).toEqual(['http2']);
    expect(protocolById(HTTP2_ID)).toBe(http2);
  });
});
