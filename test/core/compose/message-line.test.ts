import { describe, expect, it } from 'vitest';
import { ContentError } from '../../../src-main/core/compose/content-error.ts';
import { readMessageLine } from '../../../src-main/core/compose/message-line.ts';

describe('a line of a list', () => {
  it.each([
    ['{"n": 9007199254740993}', { text: '{"n": 9007199254740993}' }],
    ['  "wait 2s"\r', { text: '"wait 2s"' }],
    ['7', { text: '7' }],
    ['wait 250ms', { waitMs: 250 }],
    ['wait 1.5s', { waitMs: 1500 }],
    ['wait   2m\r', { waitMs: 120_000 }],
    ['wait 40', { waitMs: 40 }],
    ['', undefined],
    [' \t\r', undefined],
  ])('%j says %j', (line, said) => {
    expect(readMessageLine(line)).toEqual(said);
  });

  it.each(['{"a":', 'wait', 'wait 2h', 'wait -1s', 'Wait 2s', 'wait 1e3', '{} {}'])('%j is neither', (line) => {
    expect(() => readMessageLine(line)).toThrow(ContentError);
    expect(() => readMessageLine(line)).toThrow('This is not JSON');
  });

  it('waits no longer than a timer can', () => {
    expect(() => readMessageLine('wait 40000m')).toThrow('at most 24 days');
  });
});
