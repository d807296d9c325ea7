import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StreamSink, TcpStream } from '../../src-main/capture/packets/tcp-stream.ts';
import { bytesOf } from './packets.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What came out: the bytes, `[n]` for a gap, `.` for the end. */
function open(): { stream: TcpStream; out: () => string; conflicts: number[] } {
  let out = '';
  let delivered = '';
  const result = {
    conflicts: [] as number[],
    out: () => out,
  };
  const sink: StreamSink = {
    data(bytes) {
      out += text(bytes);
      delivered += text(bytes);
    },
    gap(length) {
      out += `[${length}]`;
      delivered += '\0'.repeat(Math.min(length, 1000));
    },
    end() {
      out += '.';
    },
    conflict: (offset) => void result.conflicts.push(offset),
    delivered: (offset, length) => bytesOf(delivered.slice(offset, offset + length)),
  };
  return Object.assign(result, { stream: new TcpStream(sink, { total: 0 }) });
}

function data(stream: TcpStream, sequence: number, payload: string): void {
  stream.data(sequence >>> 0, bytesOf(payload), 0, undefined, 0);
}

describe('TCP stream', () => {
  test('in order, across the wrap of sequence numbers', () => {
    const { stream, out } = open();
    stream.synchronize(0xffff_fffb);
    data(stream, 0xffff_fffc, 'abcd');
    data(stream, 0, 'efgh');
    stream.fin(4, 0);
    expect(out()).toBe('abcdefgh.');
  });

  test('reordered and sent again', () => {
    const { stream, out, conflicts } = open();
    stream.synchronize(99);
    data(stream, 104, 'efgh');
    data(stream, 100, 'abcd');
    data(stream, 100, 'abcd');
    data(stream, 102, 'cdefghij');
    expect(out()).toBe('abcdefghij');
    expect(conflicts).toEqual([]);
  });

  test('overlap with other bytes: the first win, once noted', () => {
    const { stream, out, conflicts } = open();
    stream.synchronize(99);
    data(stream, 104, 'efgh');
    data(stream, 102, 'cdEF');
    data(stream, 100, 'abXXX');
    expect(out()).toBe('abcdefgh');
    expect(conflicts).toEqual([4]);
    data(stream, 100, 'zzzz');
    expect(conflicts).toEqual([4]);
  });

  test('a retransmission with other bytes is noted where it differs', () => {
    const { stream, out, conflicts } = open();
    data(stream, 100, 'abcdef');
    data(stream, 102, 'cXefgh');
    expect(out()).toBe('abcdefgh');
    expect(conflicts).toEqual([3]);
  });

  test('the byte of a keep-alive is none', () => {
    const { stream, out, conflicts } = open();
    data(stream, 100, 'abc');
    data(stream, 102, '\0');
    data(stream, 103, 'def');
    expect(out()).toBe('abcdef');
    expect(conflicts).toEqual([]);
  });

  test('what the other side has acknowledged but nobody captured is a gap', () => {
    const { stream, out } = open();
    stream.synchronize(99);
    data(stream, 100, 'abc');
    data(stream, 110, 'klm');
    expect(out()).toBe('abc');
    stream.acknowledge(113);
    for (let i = 0; i < 20; i++) stream.passed(0);
    expect(out()).toBe('abc[7]klm');
  });

  test('a hole that is not acknowledged waits for its bytes', () => {
    const { stream, out } = open();
    stream.synchronize(99);
    data(stream, 103, 'def');
    for (let i = 0; i < 100; i++) stream.passed(0);
    expect(out()).toBe('');
    data(stream, 100, 'abc');
    expect(out()).toBe('abcdef');
  });

  test('too much behind a hole makes it a gap', () => {
    const { stream, out } = open();
    stream.synchronize(99);
    for (let i = 0; i < 5000; i++) data(stream, 101 + i, 'x');
    expect(out().startsWith('[1]xxx')).toBe(true);
  });

  test('the end of the capture ends everything: holes, and bytes that were only acknowledged', () => {
    const { stream, out } = open();
    data(stream, 100, 'abc');
    data(stream, 105, 'fg');
    data(stream, 109, 'j');
    stream.acknowledge(120);
    stream.end(0);
    expect(out()).toBe('abc[2]fg[2]j[10].');
  });

  test('an acknowledgement of a FIN that was not captured is no missing byte', () => {
    const { stream, out } = open();
    data(stream, 100, 'abc');
    stream.acknowledge(104);
    stream.end(0);
    expect(out()).toBe('abc.');
  });

  test('a FIN before its data waits, and nothing counts behind it', () => {
    const { stream, out } = open();
    stream.synchronize(99);
    stream.fin(106, 0);
    data(stream, 103, 'defXXXX');
    expect(out()).toBe('');
    data(stream, 100, 'abc');
    expect(out()).toBe('abcdef.');
    data(stream, 106, 'more');
    expect(out()).toBe('abcdef.');
  });

  test('a stream of which only the FIN was captured in full', () => {
    const { stream, out } = open();
    stream.synchronize(99);
    stream.fin(103, 0);
    stream.end(0);
    expect(out()).toBe('[3].');
  });

  test('any order of any overlapping pieces of one stream gives that stream', () => {
    const source = Array.from({ length: 200 }, (_, i) => String.fromCharCode(97 + ((i * 7) % 26))).join('');
    const piece = fc.tuple(fc.nat(199), fc.integer({ min: 1, max: 40 }));
    const cover = Array.from({ length: 20 }, (_, i): [number, number] => [i * 10, 10]);
    const pieces = fc
      .array(piece, { maxLength: 30 })
      .chain((extra) => fc.shuffledSubarray([...cover, ...extra], { minLength: 20 + extra.length }));
    fc.assert(
      fc.property(pieces, fc.nat(0xffff_ffff), (all, first) => {
        const { stream, out, conflicts } = open();
        stream.synchronize((first - 1) >>> 0);
        for (const [start, length] of all) data(stream, first + start, source.slice(start, start + length));
        stream.fin((first + source.length) >>> 0, 0);
        expect(out()).toBe(`${source}.`);
        expect(conflicts).toEqual([]);
      }),
    );
  });

  test('any sequence of anything ends, in order and once', () => {
    const number = fc.oneof(fc.nat(400), fc.nat(0xffff_ffff));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('data' as const), number, length: fc.integer({ min: 1, max: 50 }) }),
      fc.record({
        kind: fc.constantFrom('fin' as const, 'acknowledge' as const, 'synchronize' as const),
        number,
        length: fc.constant(0),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { stream, out } = open();
        for (const { kind, number: sequence, length } of steps) {
          if (kind === 'data') data(stream, sequence, 'x'.repeat(length));
          else if (kind === 'fin') stream.fin(sequence, 0);
          else stream[kind](sequence);
          stream.passed(0);
        }
        stream.end(0);
        expect(out().split('.')).toHaveLength(2);
        expect(out().endsWith('.')).toBe(true);
      }),
    );
  });
});
