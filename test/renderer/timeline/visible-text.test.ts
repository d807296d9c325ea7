import { describe, expect, it } from 'vitest';
import { occurrences, visibleSegments, visibleText } from '../../../src-renderer/timeline/visible-text.ts';

describe('visible text', () => {
  it('leaves ordinary text of any script alone', () => {
    const text = 'Hello, 世界 – שלום 👋🏽 👩‍💻 ❤️';
    expect(visibleSegments(text)).toEqual([{ text, standIn: false }]);
  });

  it('shows escape sequences instead of obeying them', () => {
    expect(visibleText('\u001b[31mred\u001b[0m\u0007')).toBe('⟨ESC⟩[31mred⟨ESC⟩[0m⟨BEL⟩');
  });

  it('names control characters that are pictures already', () => {
    expect(visibleText('\u241b[0m\u2400\u2421')).toBe('⟨ESC⟩[0m⟨NUL⟩⟨DEL⟩');
  });

  it('shows marks that would turn the direction of text', () => {
    expect(visibleSegments('a\u202eb\u2066')).toEqual([
      { text: 'a', standIn: false },
      { text: '⟨U+202E⟩', standIn: true },
      { text: 'b', standIn: false },
      { text: '⟨U+2066⟩', standIn: true },
    ]);
  });

  it('shows what has no width, line separators, C1 controls and lone surrogates', () => {
    expect(visibleText('\u200b\ufeff\u2028\u009b\ud800\u007f')).toBe('⟨U+200B⟩⟨U+FEFF⟩⟨U+2028⟩⟨U+009B⟩⟨U+D800⟩⟨DEL⟩');
  });

  it('finds all occurrences whatever their case', () => {
    expect(occurrences('Hello hello HELLO', 'hello')).toEqual([
      [0, 5],
      [6, 11],
      [12, 17],
    ]);
    expect(occurrences('aaaa', 'aa', 1)).toEqual([[0, 2]]);
    expect(occurrences('x', '')).toEqual([]);
  });
});
