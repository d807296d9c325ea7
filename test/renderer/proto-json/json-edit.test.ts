import { describe, expect, it } from 'vitest';
import { withItemMoved, withKeyAt, withValueAt } from '../../../src-renderer/proto-json/json-edit.ts';

const text = `{
  "user": "ada",
  "big": 12345678901234567890,
  "unknown": {"kept": 1e2},
  "tags": ["a", "b"]
}`;

describe('changing JSON by path', () => {
  it('replaces one value and touches nothing else', () => {
    expect(withValueAt(text, ['user'], '"bob"')).toBe(text.replace('"ada"', '"bob"'));
    expect(withValueAt(text, ['unknown', 'kept'], '2')).toBe(text.replace('1e2', '2'));
    expect(withValueAt(text, ['tags', 1], '"c"')).toBe(text.replace('"b"', '"c"'));
  });

  it('adds where the others stand', () => {
    expect(withValueAt('', ['a'], '1')).toBe('{\n  "a": 1\n}');
    expect(withValueAt('{}', ['a'], '{\n  "b": 1\n}')).toBe('{\n  "a": {\n    "b": 1\n  }\n}');
    expect(withValueAt('{"a": 1}', ['b'], '2')).toBe('{"a": 1, "b": 2}');
    expect(withValueAt('{\n  "a": 1\n}', ['b'], '2')).toBe('{\n  "a": 1,\n  "b": 2\n}');
    expect(withValueAt(text, ['tags', 2], '"c"')).toBe(text.replace('"b"', '"b", "c"'));
    expect(withValueAt('{"l": []}', ['l', 0], '1')).toBe('{"l": [\n  1\n]}');
  });

  it('takes away with its comma and its line', () => {
    expect(withValueAt(text, ['user'], undefined)).toBe(text.replace('"user": "ada",\n  ', ''));
    expect(withValueAt(text, ['tags'], undefined)).toBe(text.replace(',\n  "tags": ["a", "b"]', ''));
    expect(withValueAt('{\n  "a": 1\n}', ['a'], undefined)).toBe('{}');
    expect(withValueAt('[1, 2, 3]', [1], undefined)).toBe('[1, 3]');
    expect(withValueAt('{"a":1}', ['b'], undefined)).toBe('{"a":1}');
  });

  it('changes nothing in text with a fault, and nothing whose parent is not there', () => {
    expect(withValueAt('{"a": ', ['a'], '1')).toBe('{"a": ');
    expect(withValueAt('{"a": 1}', ['b', 'c'], '1')).toBe('{"a": 1}');
    expect(withItemMoved('[1,', [], 0, 1)).toBe('[1,');
  });

  it('renames a key in its place', () => {
    expect(withKeyAt('{"m": {"a": 1, "b": 2}}', ['m', 'a'], 'x"y')).toBe('{"m": {"x\\"y": 1, "b": 2}}');
  });

  it('moves an item and leaves the spacing', () => {
    expect(withItemMoved('[ 1,\n  {"a": 2},  3 ]', [], 0, 2)).toBe('[ {"a": 2},\n  3,  1 ]');
    expect(withItemMoved('[1, 2]', [], 0, 5)).toBe('[1, 2]');
  });
});
