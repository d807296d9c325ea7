// A line of a list of messages: a message as JSON, or how long to wait before the next one.
import { durationMs, MAX_DURATION_MS } from '../session-config.ts';
import { ContentError } from './content-error.ts';
import { parseJsonText } from './json-text.ts';

/** `text`: JSON, as it is written. */
export type MessageLine = { text: string } | { waitMs: number };

const WAIT = /^wait\s+(\d+(?:\.\d+)?)(ms|s|m)?$/;

/**
 * What a line says; undefined if there is nothing in it.
 * @throws ContentError for what is neither JSON nor a wait
 */
export function readMessageLine(line: string): MessageLine | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  const [, amount = '', unit] = WAIT.exec(text) ?? [];
  if (amount === '') {
    parseJsonText(text);
    return { text };
  }
  const waitMs = durationMs(unit === undefined ? Number(amount) : amount + unit);
  if (waitMs > MAX_DURATION_MS) throw new ContentError('A wait takes at most 24 days');
  return { waitMs };
}
