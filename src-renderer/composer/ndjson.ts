// Messages as lines of JSON. Pure.
import type { Content } from '../../src-main/core/session-config.ts';
import { readContent } from './content.ts';

export type Lines = { ok: true; contents: Content[] } | { ok: false; error: string; line: number };

/** One message a line; empty lines are passed over. Stops at the first line that is no JSON, counted from 1. */
export function readLines(text: string): Lines {
  const contents: Content[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const reading = readContent('json', line);
    if (!reading.ok) return { ok: false, error: reading.error, line: index + 1 };
    contents.push(reading.content);
  }
  return { ok: true, contents };
}
