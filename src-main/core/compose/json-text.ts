// JSON text as a value that loses no digit: whole numbers that a double cannot hold become strings, which ProtoJSON takes
// for any number. The grammar is json-scan's.
import { type JsonVisitor, scanJson } from '../payload/json-scan.ts';
import type { Content } from '../session-config.ts';
import { ContentError } from './content-error.ts';

/** Content that says a value. */
export type JsonContent = Extract<Content, { json: unknown } | { text: string }>;

/** Content that is a value, to be written by a type; other content is bytes already. */
export function isJsonContent(content: Content): content is JsonContent {
  return 'json' in content || 'text' in content;
}

/**
 * The value of content. Text is JSON text, and so is JSON given as a string; empty text is a message without fields: nobody
 * should have to type braces for it.
 * @throws ContentError for text that is no JSON
 */
export function jsonValue(content: JsonContent): unknown {
  const value = 'json' in content ? content.json : content.text;
  if (typeof value !== 'string') return value;
  return value.trim() === '' ? {} : parseJsonText(value);
}

const QUOTE = new Uint8Array([0x22]);

/** @throws ContentError that names the position for what is no JSON */
export function parseJsonText(text: string): unknown {
  const bytes = new TextEncoder().encode(text);
  const numbers = new LongNumbers(bytes);
  const { error } = scanJson(bytes, numbers);
  if (error) {
    const at = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, error.at)).length;
    throw new ContentError(`This is not JSON: ${error.message.replace(/\.$/, '')}`, at);
  }
  return JSON.parse(numbers.ranges.length === 0 ? text : quoted(bytes, numbers.ranges));
}

/** Where the whole numbers are that a double cannot hold. */
class LongNumbers implements JsonVisitor {
  readonly full = false;
  readonly ranges: [start: number, end: number][] = [];
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  open(): void {}
  close(): void {}
  key(): void {}

  scalar(kind: string, start: number, end: number): void {
    // The shortest such number has 16 digits.
    if (kind !== 'number' || end - start < 16) return;
    const number = new TextDecoder().decode(this.#bytes.subarray(start, end));
    if (/^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))) this.ranges.push([start, end]);
  }
}

function quoted(bytes: Uint8Array, ranges: readonly [number, number][]): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let from = 0;
  const take = (part: Uint8Array): void => {
    text += decoder.decode(part);
  };
  for (const [start, end] of ranges) {
    take(bytes.subarray(from, start));
    take(QUOTE);
    take(bytes.subarray(start, end));
    take(QUOTE);
    from = end;
  }
  take(bytes.subarray(from));
  return text;
}
