// Rows as text for the clipboard.
import type { Input, Row } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import { isoTime } from '../../core/iso-time.ts';
import { directionName } from '../../core/record.ts';
import { payloadValue } from '../payload-value.ts';
import { problem } from '../problem.ts';

export type CopyFormat = Input<'timeline.copy'>['format'];

/** More than this is a file, not a clipboard. */
const MAX_COPY_CHARS = 16 * 1024 * 1024;
/** Bytes of one payload. Half of the characters above, because hex takes two for each. */
const MAX_PAYLOAD_BYTES = MAX_COPY_CHARS / 2;

/** Rows as text, one a line; a payload that is text keeps its own line breaks. */
export function formatRows(capture: Capture, rows: readonly Row[], format: CopyFormat): string {
  const lines: string[] = [];
  let chars = 0;
  for (const row of rows) {
    const line = formatRow(capture, row, format);
    if (line === undefined) continue;
    chars += line.length + 1;
    if (chars > MAX_COPY_CHARS) throw tooMuch();
    lines.push(line);
  }
  return lines.join('\n');
}

/** undefined: the row has nothing in this format. */
function formatRow(capture: Capture, row: Row, format: CopyFormat): string | undefined {
  const time = isoTime(row.at);
  const direction = directionName(row.direction);
  switch (format) {
    case 'text':
      return [time, direction, row.kind, row.summary].filter((part) => part !== '').join('  ');
    case 'tsv':
      return [row.seq, time, row.connection, direction, row.protocol, row.kind, row.size, row.summary]
        .map((cell) => spreadsheetCell(String(cell)))
        .join('\t');
    case 'json': {
      const { seq, at, connection, protocol, kind, size, summary } = row;
      const value = payloadOf(capture, seq);
      return JSON.stringify({ seq, at, connection, direction, protocol, kind, size, summary, ...value });
    }
    case 'payload': {
      const value = payloadOf(capture, row.seq);
      return value && (value.text ?? value.base64);
    }
    case 'hex': {
      const payload = capture.payload(row.seq, MAX_PAYLOAD_BYTES);
      if (!payload) return undefined;
      if (payload.total > payload.bytes.length) throw tooMuch();
      return Buffer.from(payload.bytes.buffer, payload.bytes.byteOffset, payload.bytes.length).toString('hex');
    }
  }
}

/** A cell that ends nowhere early and, pasted into a spreadsheet, is no formula of whoever sent it. */
function spreadsheetCell(text: string): string {
  return text.replace(/[\t\r\n]/g, ' ').replace(/^[=+\-@]/, "'$&");
}

function payloadOf(capture: Capture, seq: number): { text?: string; base64?: string } | undefined {
  const payload = capture.payload(seq, MAX_PAYLOAD_BYTES);
  if (!payload) return undefined;
  if (payload.total > payload.bytes.length) throw tooMuch();
  return payloadValue(payload);
}

function tooMuch() {
  return problem('This is too much to copy.', {
    why: `The clipboard gets at most ${MAX_COPY_CHARS / 1024 / 1024} MiB of text.`,
    next: 'Copy fewer rows, or save the capture.',
    code: 'COPY_LIMIT',
  });
}
