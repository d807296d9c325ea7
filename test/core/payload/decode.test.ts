import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../../fixtures/payload/binary.json' with { type: 'json' };
import cut from '../../../fixtures/payload/cut.json' with { type: 'json' };
import { decodePayload } from '../../../src-main/core/payload/decode.ts';
import {
  MAX_DEPTH,
  MAX_NODES,
  MAX_TEXT_CHARS,
  PAYLOAD_VIEWS,
  type PayloadNode,
  type PayloadView,
  type PayloadViewName,
} from '../../../src-main/core/payload/payload.ts';
import { FUZZ_RUNS } from '../../fuzz/laws.ts';
import { bytesOf } from '../bytes.ts';
import { treeLines, walk } from './tree.ts';

function decode(bytes: Uint8Array, view: PayloadViewName | 'auto', total = bytes.length, text = false): PayloadView {
  return decodePayload({ bytes, total, text }, view);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('golden trees', () => {
  it.each(golden)('$view: $name', ({ view, hex, tree, error }) => {
    const bytes = bytesOf(hex);
    const decoded = decode(bytes, view as PayloadViewName);
    expect(treeLines(decoded.tree ?? [])).toEqual(tree);
    expect(decoded.error).toBe(error);
    if (!error) expect(decoded.shown).toBe(bytes.length);
  });
});

describe('payloads that were cut', () => {
  it.each(cut)('$view, in $name', ({ view, hex, total, tree, shown }) => {
    const bytes = bytesOf(hex);
    const decoded = decode(bytes, view as PayloadViewName, total);
    expect(treeLines(decoded.tree ?? [])).toEqual(tree);
    expect(decoded).toMatchObject({ shown, total });
    expect(decoded.error).toBeUndefined();
    expect(decoded.remarks).toBeUndefined();
  });

  it.each<[PayloadViewName, string, number, string]>([
    ['protobuf', '0805 12e807 68', 1004, 'Field 2 has 1000 bytes, 999 are left in its message, at byte 2.'],
    ['messagepack', 'db000003e8 61', 1004, 'The value needs 1000 more bytes, 999 are left, at byte 5.'],
    ['cbor', '7903e8 61', 1002, 'The value needs 1000 more bytes, 999 are left, at byte 3.'],
  ])('%s that announces more than the whole has is still refused', (view, hex, total, error) => {
    expect(decode(bytesOf(hex), view, total).error).toBe(error);
  });

  it.each<[PayloadViewName, number[]]>([
    ['protobuf', [0x0a]],
    ['messagepack', [0x81, 0xa1, 0x61, 0xdb]],
    ['cbor', [0xa1, 0x61, 0x61, 0x7a]],
    ['json', [...utf8('{"a":"')]],
  ])('%s: of one value of five megabytes there is the beginning', (view, head) => {
    const length = view === 'protobuf' ? [0xc0, 0x96, 0xb1, 0x02] : view === 'json' ? [] : [0, 0x4c, 0x4b, 0x40];
    const whole = new Uint8Array(head.length + length.length + 5_000_000).fill(0x78);
    whole.set([...head, ...length]);
    const { tree = [], shown, total, error } = decode(whole, view);
    expect(error).toBeUndefined();
    expect([shown, total]).toEqual([1_048_576, whole.length]);
    const values: PayloadNode[] = [];
    walk(tree, (node) => node.children === undefined && values.push(node));
    expect(values).toHaveLength(1);
    expect(values[0]?.value).toMatch(/^"x{900,}.*…"?$/);
    const shownBytes = 1_048_576 - head.length - length.length;
    expect(values[0]?.cut).toEqual({ shownBytes, ...(view !== 'json' && { totalBytes: 5_000_000 }) });
  });

  it('are guessed by what there is', () => {
    const guess = (hex: string, total: number) => decode(bytesOf(hex), 'auto', total).view;
    expect(guess('12 e807 68656c6c6f', 1003)).toBe('protobuf');
    expect(guess('0a e807 ffd8ffe0', 1003)).toBe('hex');
    expect(guess('81 a161 da03e8 6162', 1006)).toBe('messagepack');
    expect(guess('a1 6161 7903e8 6162', 1006)).toBe('cbor');
  });
});

describe('the guess', () => {
  it.each<[string, Uint8Array, PayloadViewName[]]>([
    ['nothing', bytesOf(''), ['text', 'hex']],
    ['text', utf8('hello'), ['text', 'hex']],
    ['coloured text', utf8('\u001b[31mred\u001b[0m'), ['text', 'hex']],
    ['a JSON object', utf8('{"a":1}'), ['json', 'text', 'hex']],
    ['a JSON number', utf8('17'), ['text', 'json', 'hex']],
    ['broken JSON', utf8('{"a":1'), ['text', 'hex']],
    ['MessagePack', bytesOf('82 a7636f6d70616374 c3 a6736368656d61 00'), ['messagepack', 'hex', 'text']],
    ['CBOR', bytesOf('a2 6161 01 6162 82 02 03'), ['cbor', 'hex', 'text']],
    ['protobuf', bytesOf('089601 1203416461'), ['protobuf', 'hex', 'text']],
    ['a protobuf that is also text', bytesOf('0a 05 4d616d756e'), ['protobuf', 'hex', 'text']],
    ['noise', bytesOf('ff 07 00 c1 1c'), ['hex', 'text']],
    ['a WebSocket mask', bytesOf('00 00 00 00'), ['hex', 'text']],
  ])('%s', (_, bytes, views) => {
    const { view, alternatives } = decode(bytes, 'auto');
    expect([view, ...alternatives]).toEqual(views);
  });

  it('believes a protocol that says text', () => {
    expect(decode(bytesOf('089601'), 'auto', 3, true).view).toBe('text');
    expect(decode(utf8('[1]'), 'auto', 3, true).view).toBe('json');
  });

  it('takes the start of something longer for what it is the start of', () => {
    const json = utf8(`{"a":"${'x'.repeat(100)}"}`).subarray(0, 50);
    expect(decode(json, 'auto', 110)).toMatchObject({ view: 'json', shown: 50, total: 110 });
    expect(decode(json, 'auto', 110).error).toBeUndefined();
    expect(decode(utf8('é').subarray(0, 1), 'auto', 2).view).toBe('text');
    const messagePack = bytesOf('82 a7636f6d70616374 c3 a673');
    expect(decode(messagePack, 'auto', 500)).toMatchObject({ view: 'messagepack', total: 500 });
    expect(decode(bytesOf('089601 12ff01 4164'), 'protobuf', 261).error).toBeUndefined();
  });
});

describe('text', () => {
  it('makes visible what is not UTF-8 and what steers a screen', () => {
    const bytes = new Uint8Array([...utf8('a'), 0xff, 0xfe, ...utf8('b\u202ec\u001b[2J\n\t'), 0xc3]);
    expect(decode(bytes, 'text')).toEqual({
      view: 'text',
      alternatives: ['hex'],
      text: 'a��b⟨U+202E⟩c␛[2J\n\t�',
      remarks: [
        { text: 'Byte 0xff is not UTF-8.', at: 1 },
        { text: 'Byte 0xc3 is not UTF-8.', at: 14 },
      ],
      shown: 15,
      total: 15,
    });
  });
});

describe('hex', () => {
  it('is the classic dump', () => {
    expect(decode(utf8('hello world, hello\n'), 'hex').text).toBe(
      '00000000  68 65 6c 6c 6f 20 77 6f  72 6c 64 2c 20 68 65 6c  |hello world, hel|\n' +
        '00000010  6c 6f 0a                                          |lo.|',
    );
  });
});

describe('hostile payloads', () => {
  const nested = (open: number[], close: number[], levels: number) =>
    new Uint8Array([...Array(levels).fill(open).flat(), ...Array(levels).fill(close).flat()]);

  it.each<[PayloadViewName, Uint8Array, RegExp | undefined]>([
    ['messagepack', nested([0x91], [], 100_000), /Nested deeper than 100 levels, at byte 100/],
    ['messagepack', nested([0x81], [], 100_000), /Nested deeper than 100 levels/],
    ['cbor', nested([0x81], [], 100_000), /Nested deeper than 100 levels, at byte 100/],
    ['cbor', nested([0xc6], [], 100_000), /Nested deeper than 100 levels/],
    ['cbor', nested([0x9f], [0xff], 100_000), /Nested deeper than 100 levels/],
    ['protobuf', nested([0x0b], [0x0c], 100_000), /Nested deeper than 100 levels/],
    ['protobuf', deepProtobuf(100_000), undefined],
    ['json', nested([0x5b], [0x5d], 100_000), undefined],
  ])('%s nested a hundred thousand deep', (view, bytes, error) => {
    const decoded = decode(bytes, view);
    if (error) expect(decoded.error).toMatch(error);
    else expect(decoded.error).toBeUndefined();
    let deepest = 0;
    walk(decoded.tree ?? [], (_, depth) => {
      deepest = Math.max(deepest, depth);
    });
    expect(deepest).toBeGreaterThan(90);
    expect(deepest).toBeLessThanOrEqual(MAX_DEPTH);
    expect((decoded.text ?? '').length).toBeLessThanOrEqual(2 * MAX_TEXT_CHARS);
  });

  it.each<[PayloadViewName, Uint8Array]>([
    ['messagepack', bytesOf('dd ffffffff')],
    ['messagepack', bytesOf('c6 ffffffff 00')],
    ['cbor', bytesOf('9b ffffffffffffffff')],
    ['cbor', bytesOf('5b ffffffffffffffff 00')],
    ['protobuf', bytesOf('0a ffffffffffffffffff01')],
  ])('%s that announces more than there is', (view, bytes) => {
    expect(decode(bytes, view).error).toMatch(/are left/);
  });

  it.each<[PayloadViewName, Uint8Array]>([
    ['messagepack', new Uint8Array(1_000_000).fill(1)],
    ['cbor', new Uint8Array(1_000_000).fill(1)],
    ['protobuf', new Uint8Array(1_000_000).fill(8)],
    ['json', utf8(`[${'1,'.repeat(500_000)}1]`)],
  ])('%s of a million values gives a bounded tree', (view, bytes) => {
    const decoded = decode(bytes, view);
    let nodes = 0;
    walk(decoded.tree ?? [], () => nodes++);
    expect(nodes).toBeLessThanOrEqual(MAX_NODES);
    expect(nodes).toBeGreaterThan(MAX_NODES - 5);
    expect(decoded.error).toBeUndefined();
    expect(decoded.remarks?.some(({ text }) => text.startsWith('The tree ends after'))).toBe(true);
  });

  it('shows the beginning of 100 MB of JSON on one line', () => {
    const line = new Uint8Array(100 * 1024 * 1024).fill(0x61);
    line.set(utf8('{"a":"'));
    line.set(utf8('"}'), line.length - 2);
    const oneString = decode(line, 'json');
    expect(oneString.text?.length).toBeLessThanOrEqual(2 * MAX_TEXT_CHARS);
    expect(oneString.shown).toBeLessThan(oneString.total);
    for (let i = 5; i < line.length - 1; i += 2) line[i] = 0x2c;
    line.set(utf8('{"a":[1'));
    for (let i = 8; i < line.length; i += 2) line[i] = 0x31;
    const manyItems = decode(line, 'auto');
    expect(manyItems.view).toBe('json');
    expect(manyItems.text?.length).toBeLessThanOrEqual(2 * MAX_TEXT_CHARS);
  });

  it('answers any bytes in any view, within bounds', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200, size: 'max' }),
      fc.string({ unit: 'binary', maxLength: 60, size: 'max' }).map(utf8),
      fc.json().map(utf8),
      fc.tuple(fc.constantFrom(...golden), fc.nat(), fc.nat(255)).map(([{ hex }, at, to]) => {
        const mutated = bytesOf(hex);
        mutated[at % mutated.length] = to;
        return mutated;
      }),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom('auto' as const, ...PAYLOAD_VIEWS), fc.nat(10), (input, view, more) => {
        const decoded = decode(input, view, input.length + more);
        expect(decoded.shown).toBeLessThanOrEqual(input.length);
        if (decoded.errorAt !== undefined) expect(decoded.errorAt).toBeLessThanOrEqual(input.length);
        expect(new Set([decoded.view, ...decoded.alternatives]).size).toBe(1 + decoded.alternatives.length);
        walk(decoded.tree ?? [], ({ start, length }, _, parent) => {
          expect(start).toBeGreaterThanOrEqual(parent?.start ?? 0);
          expect(length).toBeGreaterThanOrEqual(0);
          expect(start + length).toBeLessThanOrEqual(parent ? parent.start + parent.length : input.length);
        });
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

/** Field 1 within field 1, so many levels that the lengths take three bytes. */
function deepProtobuf(levels: number): Uint8Array {
  const heads: number[][] = [];
  for (let size = 0; heads.length < levels; size += heads[heads.length - 1]!.length) {
    const length: number[] = [];
    for (let rest = size; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    heads.push([0x0a, ...length]);
  }
  return Uint8Array.from(heads.reverse().flat());
}
