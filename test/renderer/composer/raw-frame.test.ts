import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, closeCodeRemark } from '../../../src-renderer/composer/close-codes.ts';
import { frameRemarks, headerPreview } from '../../../src-renderer/composer/raw-frame.ts';

const plain = { fin: true, rsv1: false, rsv2: false, rsv3: false, mask: false };

describe('headerPreview', () => {
  it.each([
    [plain, 1, 5, '81 05'],
    [{ ...plain, mask: true }, 1, 5, '81 85'],
    [{ ...plain, fin: false, rsv1: true }, 2, 125, '42 7d'],
    [plain, 2, 126, '82 7e 00 7e'],
    [plain, 2, 65_535, '82 7e ff ff'],
    [plain, 2, 65_536, '82 7f 00 00 00 00 00 01 00 00'],
    [{ ...plain, rsv2: true, rsv3: true }, 15, 0, 'bf 00'],
  ])('%o opcode %d size %d → %s', (bits, opcode, size, hex) => {
    expect(headerPreview(bits, opcode, size)).toBe(hex);
  });
});

describe('frameRemarks', () => {
  const frame = { ...plain, mask: true, opcode: 1, size: 3, isClient: true };

  it('has nothing against an ordinary frame', () => {
    expect(frameRemarks(frame)).toEqual([]);
    expect(frameRemarks({ ...frame, isClient: false, mask: false })).toEqual([]);
  });

  it.each([
    [{ mask: false }, '§5.1'],
    [{ isClient: false }, '§5.1'],
    [{ opcode: 9, fin: false }, '§5.5'],
    [{ opcode: 9, size: 126 }, '§5.5'],
    [{ opcode: 3 }, '§5.2'],
    [{ rsv3: true }, '§5.2'],
    [{ opcode: 8, size: 1 }, '§5.5.1'],
  ])('%o breaks %s', (change, section) => {
    expect(frameRemarks({ ...frame, ...change }).join(' ')).toContain(section);
  });
});

it('knows which close codes may be sent', () => {
  for (const { code, reserved } of CLOSE_CODES) expect(closeCodeRemark(code) === '').toBe(!reserved);
  expect(closeCodeRemark(3000)).toMatch(/IANA/);
  expect(closeCodeRemark(4999)).toMatch(/private/);
  expect(closeCodeRemark(999)).toMatch(/Not a valid/);
  expect(closeCodeRemark(5000)).toMatch(/Not a valid/);
});
