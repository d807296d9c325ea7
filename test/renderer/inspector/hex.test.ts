import { describe, expect, it } from 'vitest';
import { base64, bytesAs } from '../../../src-renderer/inspector/byte-copy.ts';
import { readings } from '../../../src-renderer/inspector/byte-readout.ts';
import { ByteSource, PIECE_BYTES } from '../../../src-renderer/inspector/byte-source.ts';
import {
  bytesPerRow,
  contains,
  hexRows,
  lineCharacters,
  moveCaret,
  offsetDigits,
  rangeBetween,
} from '../../../src-renderer/inspector/hex-layout.ts';

describe('hex layout', () => {
  it('fits sixteen, twelve, eight or four bytes a row', () => {
    expect(lineCharacters(16, 4)).toBe(4 + 1 + 48 + 1 + 16);
    expect(bytesPerRow(600, 7.2, 4)).toBe(16);
    expect(bytesPerRow(400, 7.2, 4)).toBe(12);
    expect(bytesPerRow(270, 7.2, 4)).toBe(8);
    expect(bytesPerRow(200, 7.2, 4)).toBe(4);
  });

  it('gives offsets as many digits as the size needs', () => {
    expect([0, 1, 0x10000, 0x10001, 0x1000001].map(offsetDigits)).toEqual([4, 4, 4, 6, 8]);
    expect(hexRows(0, 16)).toBe(1);
    expect(hexRows(17, 16)).toBe(2);
  });

  it('selects whichever way one drags', () => {
    expect(rangeBetween(3, 7)).toEqual({ start: 3, length: 5 });
    expect(rangeBetween(7, 3)).toEqual({ start: 3, length: 5 });
    expect(contains({ start: 3, length: 5 }, 7)).toBe(true);
    expect(contains({ start: 3, length: 5 }, 8)).toBe(false);
  });

  it('moves the caret and stays inside', () => {
    const layout = { sizeBytes: 20, perRow: 8, rowsPerPage: 10, wholeSource: false };
    expect(moveCaret(0, 'ArrowLeft', layout)).toBe(0);
    expect(moveCaret(3, 'ArrowUp', layout)).toBe(3);
    expect(moveCaret(3, 'ArrowDown', layout)).toBe(11);
    expect(moveCaret(15, 'ArrowDown', layout)).toBe(19);
    expect(moveCaret(10, 'Home', layout)).toBe(8);
    expect(moveCaret(10, 'End', layout)).toBe(15);
    expect(moveCaret(10, 'End', { ...layout, wholeSource: true })).toBe(19);
    expect(moveCaret(3, 'PageDown', layout)).toBe(19);
    expect(moveCaret(3, 'x', layout)).toBeUndefined();
  });
});

describe('readings of bytes', () => {
  const read = (hex: string, little = false): string =>
    readings(
      Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      little,
    )
      .map((reading) => `${reading.type} ${reading.value}`)
      .join(', ');

  it('reads the lengths that are numbers', () => {
    expect(read('ff')).toBe('u8 255, i8 -1, bits 11111111');
    expect(read('0102')).toBe('u16 258');
    expect(read('0102', true)).toBe('u16 513');
    expect(read('3f800000')).toBe('u32 1065353216, f32 1');
    expect(read('ffffffffffffffff')).toBe('u64 18446744073709551615, i64 -1, f64 NaN');
    expect(read('010203')).toBe('u24 66051');
    expect(read('010203', true)).toBe('u24 197121');
  });

  it('says nothing of lengths that are not', () => {
    expect(read('')).toBe('');
    expect(read('000102030405060708')).toBe('');
  });
});

describe('bytes as text', () => {
  const bytes = Uint8Array.from([0x48, 0x69, 0x00, 0xff]);

  it('copies in each format', () => {
    expect(bytesAs('hex', bytes)).toBe('486900ff');
    expect(bytesAs('base64', bytes)).toBe('SGkA/w==');
    expect(bytesAs('text', bytes)).toBe('Hi\u0000\ufffd');
    expect(bytesAs('c', bytes)).toBe('const unsigned char data[4] = {\n  0x48, 0x69, 0x00, 0xff\n};\n');
    expect(bytesAs('dump', bytes, 16)).toBe(`00000010  ${'48 69 00 ff'.padEnd(48)}  Hi..`);
  });

  it('encodes long runs as one piece', () => {
    const long = Uint8Array.from({ length: 100_001 }, (_, at) => at % 256);
    expect(base64(long)).toBe(Buffer.from(long).toString('base64'));
  });
});

describe('byte source', () => {
  const all = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);

  it('reads what lies past the beginning once, when it is looked at', async () => {
    const asked: [number, number][] = [];
    const source = new ByteSource(all.subarray(0, PIECE_BYTES), all.length, async (from, count) => {
      asked.push([from, count]);
      return all.slice(from, from + count);
    });
    source.want(0, 100);
    expect(asked).toEqual([]);
    expect(source.at(100)).toBe(100);
    source.want(PIECE_BYTES - 10, 20);
    source.want(PIECE_BYTES, 20);
    expect(source.at(PIECE_BYTES)).toBeUndefined();
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toEqual([[PIECE_BYTES, PIECE_BYTES]]);
    expect(source.at(PIECE_BYTES)).toBe(all[PIECE_BYTES]);
    source.want(199_990, 50);
    expect(asked.at(-1)).toEqual([3 * PIECE_BYTES, 200_000 - 3 * PIECE_BYTES]);
  });

  it('gives a range whole, up to a limit', async () => {
    const source = new ByteSource(all.subarray(0, 1000), all.length, async (from, count) =>
      all.slice(from, from + count),
    );
    expect(await source.range(500, 100_000, 1_000_000)).toEqual(all.slice(500, 100_500));
    expect(await source.range(500, 100_000, 10)).toEqual(all.slice(500, 510));
  });
});
