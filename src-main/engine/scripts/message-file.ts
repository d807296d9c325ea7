// A file with a message in each line (NDJSON), read as it is sent: it may be larger than memory.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ContentError } from '../../core/compose/content-error.ts';
import { readMessageLine } from '../../core/compose/message-line.ts';
import { type ProblemError, problem, problemOf } from '../problem.ts';

/** Of one line; the file itself may be larger than memory. */
const MAX_LINE_CHARS = 64 * 1024 * 1024;

/** `line`: its number, from 1. */
export type MessageEntry = { text: string; line: number } | { waitMs: number };

/**
 * The messages and the waits between them: `pauseMs`, where the file itself names none. Rejects with a ProblemError or the
 * file system's error; of a line that is neither, after what comes before it.
 */
export async function* readMessageFile(path: string, pauseMs: number): AsyncGenerator<MessageEntry> {
  // A device or a pipe may have no end.
  if (!(await stat(path)).isFile()) throw problem(`${path} is not a file.`, { next: 'Name a file.', code: 'CONTENT' });
  let line = 0;
  let isPauseDue = false;
  for await (const text of readLines(path)) {
    line += 1;
    const said = sayingOf(text, line);
    if (said === undefined) continue;
    if ('waitMs' in said) yield said;
    else {
      if (isPauseDue && pauseMs > 0) yield { waitMs: pauseMs };
      yield { ...said, line };
    }
    isPauseDue = 'text' in said;
  }
}

/** What went wrong with a line, with its number. */
export function atLine(line: number, error: unknown): ProblemError {
  const isNoMessage = error instanceof ContentError;
  const { what, why, next } = isNoMessage ? { what: error.message, why: '', next: '' } : problemOf(error);
  return problem(`Line ${line}: ${what}`, { why, next, code: 'CONTENT' });
}

function sayingOf(text: string, line: number): ReturnType<typeof readMessageLine> {
  try {
    return readMessageLine(text);
  } catch (error) {
    throw atLine(line, error);
  }
}

/** Lines of UTF-8 without their ends. */
async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of createReadStream(path)) {
    const lines = decoded(path, () => decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE_CHARS) {
      throw problem(`A line of ${path} is longer than 64 MiB.`, {
        why: 'Each line is one message, and held in memory.',
        next: 'Name a file with a message in each line.',
        code: 'CONTENT',
      });
    }
  }
  yield rest + decoded(path, () => decoder.decode());
}

function decoded(path: string, decode: () => string): string {
  try {
    return decode();
  } catch {
    throw problem(`${path} is not UTF-8.`, { next: 'Write it as UTF-8.', code: 'CONTENT' });
  }
}
