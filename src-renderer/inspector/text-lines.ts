// Text as lines of one height: broken at line ends and, when wrapped, at a number of columns. Pure.
import type { Token, TokenLine } from './json-text.ts';

/** Columns a tab takes. */
const TAB = '    ';

/** Lines of plain text; a trailing line end makes no empty line. */
export function plainLines(text: string): TokenLine[] {
  const lines = text.split(/\r\n|\n/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line === '' ? [] : [{ kind: 'plain', text: line.replaceAll('\t', TAB) }]));
}

/** A line on the screen: part of a line of text. */
export interface VisualLine {
  tokens: TokenLine;
  /** Line number, from 1, on the first part of a line; 0 on what wrapped. */
  number: number;
}

/** Cuts lines at `columns`; Infinity leaves them whole. Wide characters count two. */
export function wrapLines(lines: TokenLine[], columns: number): VisualLine[] {
  const visual: VisualLine[] = [];
  lines.forEach((line, position) => {
    let tokens: Token[] = [];
    let used = 0;
    let number = position + 1;
    for (const token of line) {
      let from = 0;
      let at = 0;
      while (at < token.text.length) {
        const code = token.text.codePointAt(at) ?? 0;
        const width = isWide(code) ? 2 : 1;
        if (used + width > columns && used > 0) {
          if (at > from) tokens.push({ kind: token.kind, text: token.text.slice(from, at) });
          visual.push({ tokens, number });
          tokens = [];
          number = 0;
          used = 0;
          from = at;
        }
        used += width;
        at += code > 0xffff ? 2 : 1;
      }
      if (from < token.text.length) tokens.push({ kind: token.kind, text: token.text.slice(from) });
    }
    visual.push({ tokens, number });
  });
  return visual;
}

/** Columns of the longest line. */
export function widestColumns(lines: VisualLine[]): number {
  let widest = 0;
  for (const line of lines) {
    let columns = 0;
    for (const token of line.tokens) columns += token.text.length;
    if (columns > widest) widest = columns;
  }
  return widest;
}

/** Lines that contain `needle`, ignoring case. */
export function matchingLines(lines: VisualLine[], needle: string): number[] {
  if (needle === '') return [];
  const wanted = needle.toLowerCase();
  const found: number[] = [];
  lines.forEach((line, position) => {
    const text = line.tokens.map((token) => token.text).join('');
    if (text.toLowerCase().includes(wanted)) found.push(position);
  });
  return found;
}

/** East Asian wide and emoji blocks: two columns in a monospaced font. */
function isWide(code: number): boolean {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd))
  );
}
