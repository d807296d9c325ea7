import { describe, expect, it } from 'vitest';
import { answerSchema } from '../../../src-main/core/session-config.ts';
import {
  changeMatchKind,
  type MatchKind,
  matchError,
  matchOf,
  REPLY_SAVED,
  replyOf,
  withClose,
  withDelay,
  withMatchText,
  withReply,
} from '../../../src-renderer/settings/answer-edit.ts';
import { durationOf } from '../../../src-renderer/settings/duration-field.tsx';
import { wordsOf } from '../../../src-renderer/settings/words.ts';

const KINDS: [MatchKind, string][] = [
  ['text', 'ping'],
  ['contains', 'a'],
  ['matches', '^h.*o$'],
  ['json', '{"a":1}'],
  ['hex', '0102'],
];

describe('a rule', () => {
  it.each(KINDS)('that matches by %s comes back as it went in', (kind, text) => {
    const answer = withMatchText({}, kind, text);
    expect(() => answerSchema.parse(answer)).not.toThrow();
    expect(matchOf(answer)).toEqual({ kind, text });
    expect(matchError(matchOf(answer))).toBeUndefined();
  });

  it('matches anything when it has no condition', () => {
    expect(matchOf({})).toEqual({ kind: 'any', text: '' });
    expect(changeMatchKind({ when: { text: 'x' } }, 'any')).toEqual({});
    expect(changeMatchKind({ when: { text: 'x' } }, 'contains')).toEqual({ when: { contains: 'x' } });
  });

  it.each([
    ['matches', '('],
    ['json', '{'],
    ['json', '1'],
    ['hex', '0'],
  ] as const)('says what is wrong with %s %j', (kind, text) => {
    expect(matchError({ kind, text })).toBeTruthy();
  });

  it('keeps JSON that is still being typed', () => {
    expect(matchOf(withMatchText({}, 'json', '{"a"'))).toEqual({ kind: 'json', text: '{"a"' });
  });

  it('replies with text, hex, a saved message or nothing', () => {
    expect(replyOf(withReply({}, 'text', 'x'))).toEqual({ kind: 'text', text: 'x', more: 0 });
    expect(replyOf(withReply({}, 'hex', '00'))).toEqual({ kind: 'hex', text: '00', more: 0 });
    expect(withReply({}, `${REPLY_SAVED}hello`, '')).toEqual({ reply: ['hello'] });
    expect(replyOf({ reply: ['hello', 'again'] })).toEqual({ kind: 'saved:hello', text: '', more: 1 });
    expect(withReply({ reply: ['a'] }, 'none', '')).toEqual({});
  });

  it('waits and closes only when told', () => {
    expect(withDelay(withDelay({}, '2s'), undefined)).toEqual({});
    expect(withClose({}, { code: 1000 })).toEqual({ close: { code: 1000 } });
    expect(withClose({ close: {} }, undefined)).toEqual({});
  });
});

it('reads durations and words', () => {
  expect(['250ms', '1.5s', '1m', '40', 'soon', '5h'].map(durationOf)).toEqual([
    '250ms',
    '1.5s',
    '1m',
    40,
    undefined,
    undefined,
  ]);
  expect(wordsOf(' a, b ,,c ')).toEqual(['a', 'b', 'c']);
  expect(wordsOf(' , ')).toBeUndefined();
});
