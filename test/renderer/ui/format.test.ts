import { describe, expect, it } from 'vitest';
import {
  formatByteRate,
  formatBytes,
  formatBytesExact,
  formatCount,
  formatDuration,
  formatMessageRate,
  formatPlural,
  formatSeconds,
  formatSize,
  formatTime,
} from '../../../src-renderer/ui/format.ts';

/** Thin spaces as plain ones, to be readable here. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [14, '14 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.2 kB'],
    [88_400, '88 kB'],
    [999_960, '1 MB'],
    [3_400_000, '3.4 MB'],
    [5e15, '5000 TB'],
  ])('%d → %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));

  it('has an exact and a rate form', () => {
    expect(plain(formatBytesExact(1204))).toBe('1,204 B');
    expect(plain(formatByteRate(88_000.4))).toBe('88 kB/s');
  });
});

it('keeps sizes short enough for a column, and exact while they are', () => {
  expect(plain(formatSize(0))).toBe('0');
  expect(plain(formatSize(99_999))).toBe('99,999');
  expect(plain(formatSize(1_350_372))).toBe('1.4 MB');
});

describe('formatDuration', () => {
  it.each([
    [0, '0 µs'],
    [900, '900 µs'],
    [4200, '4.2 ms'],
    [41_900, '42 ms'],
    [1_240_000, '1.24 s'],
    [123_000_000, '2 min 3 s'],
    [3_900_000_000, '1 h 5 min'],
    [-4200, '−4.2 ms'],
  ])('%d µs → %s', (us, text) => expect(plain(formatDuration(us))).toBe(text));
});

describe('times', () => {
  it('keeps microseconds', () => {
    expect(formatTime(1_700_000_000_004_211)).toMatch(/^\d\d:\d\d:\d\d\.004211$/);
    expect(formatSeconds(4211)).toBe('0.004211');
    expect(formatSeconds(-61_000_007)).toBe('−61.000007');
  });
});

it('groups counts and knows one from many', () => {
  expect(formatCount(3104)).toBe('3,104');
  expect(formatPlural(1, 'record')).toBe('1 record');
  expect(formatPlural(3104, 'record')).toBe('3,104 records');
  expect(plain(formatMessageRate(4.25))).toBe('4.3 msg/s');
  expect(plain(formatMessageRate(0))).toBe('0 msg/s');
});
