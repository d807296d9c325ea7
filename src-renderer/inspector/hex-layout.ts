// The layout of a hex dump: rows, offsets, characters, ranges. Pure.

/** Bytes [start, start + length). */
export interface ByteRange {
  start: number;
  length: number;
}

/** A range within one of a record's byte sources. */
export interface SourceRange extends ByteRange {
  source: number;
}

const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

/** `0f` */
export function hexByte(value: number): string {
  return HEX[value] ?? '';
}

/** The character column: printable ASCII as it is, `·` for the rest. */
export function asciiOf(value: number): string {
  return value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '·';
}

/** Digits an offset column needs: at least four, even. */
export function offsetDigits(sizeBytes: number): number {
  const digits = Math.max(0, sizeBytes - 1).toString(16).length;
  return Math.max(4, digits + (digits % 2));
}

export function offsetText(offset: number, digits: number): string {
  return offset.toString(16).padStart(digits, '0');
}

/** Rows of `perRow` bytes; one empty row for an empty source. */
export function hexRows(sizeBytes: number, perRow: number): number {
  return Math.max(1, Math.ceil(sizeBytes / perRow));
}

/** Characters of a line: offset and a gap, `xx ` per byte with one more gap in the middle, ASCII. */
export function lineCharacters(perRow: number, digits: number): number {
  return digits + 1 + perRow * 3 + (perRow > 8 ? 1 : 0) + perRow;
}

/** As many bytes a row as fit, of 16, 12, 8 and 4. */
export function bytesPerRow(widthPx: number, characterPx: number, digits: number): number {
  for (const perRow of [16, 12, 8]) if (lineCharacters(perRow, digits) * characterPx <= widthPx) return perRow;
  return 4;
}

/** The range between two bytes, whichever comes first, both included. */
export function rangeBetween(anchor: number, focus: number): ByteRange {
  return { start: Math.min(anchor, focus), length: Math.abs(anchor - focus) + 1 };
}

export function contains(range: ByteRange | undefined, offset: number): boolean {
  return range !== undefined && offset >= range.start && offset < range.start + range.length;
}

/** Where a key takes the caret; undefined for keys that are not for moving. */
export function moveCaret(
  caret: number,
  key: string,
  layout: { sizeBytes: number; perRow: number; rowsPerPage: number; wholeSource: boolean },
): number | undefined {
  const { sizeBytes, perRow, rowsPerPage, wholeSource } = layout;
  const last = Math.max(0, sizeBytes - 1);
  const rowStart = caret - (caret % perRow);
  const to: Record<string, number> = {
    ArrowLeft: caret - 1,
    ArrowRight: caret + 1,
    ArrowUp: caret - perRow >= 0 ? caret - perRow : caret,
    ArrowDown: caret + perRow <= last ? caret + perRow : rowStart + perRow <= last ? last : caret,
    PageUp: caret - perRow * rowsPerPage >= 0 ? caret - perRow * rowsPerPage : caret % perRow,
    PageDown: caret + perRow * rowsPerPage,
    Home: wholeSource ? 0 : rowStart,
    End: wholeSource ? last : rowStart + perRow - 1,
  };
  const target = to[key];
  return target === undefined ? undefined : Math.min(Math.max(0, target), last);
}
