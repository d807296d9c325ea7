import { expect, it } from 'vitest';
import { readLines } from '../../../src-renderer/composer/ndjson.ts';

it('reads a message from each line that has one', () => {
  expect(readLines('{"a": 1}\r\n\n  {"n": 9007199254740993}\n')).toEqual({
    ok: true,
    contents: [{ json: { a: 1 } }, { text: '{"n":9007199254740993}' }],
  });
  expect(readLines('')).toEqual({ ok: true, contents: [] });
});

it('names the line that is no JSON', () => {
  expect(readLines('{}\n\n{"a":')).toMatchObject({ ok: false, line: 3 });
});
