// What is typed in the composer and the content it stands for: pure conversions between text, JSON, hex and base64.
import type { Content, SavedMessage } from '../../src-main/core/session-config.ts';
import { jsonFault } from '../proto-json/json-fault.ts';

const MODES = ['text', 'json', 'hex', 'base64', 'file'] as const;
export type Mode = (typeof MODES)[number];

export type Reading = { ok: true; content: Content } | { ok: false; error: string };

/**
 * The content that `text` stands for in a mode. JSON is sent without the white space between its tokens and otherwise
 * exactly as typed: numbers that a double cannot hold, escapes and doubled keys stay.
 */
export function readContent(mode: Mode, text: string): Reading {
  switch (mode) {
    case 'text':
      return { ok: true, content: { text } };
    case 'hex':
      return { ok: true, content: { hex: text } };
    case 'base64':
      return { ok: true, content: { base64: text } };
    case 'file':
      return text === '' ? { ok: false, error: 'Choose a file.' } : { ok: true, content: { file: text } };
    case 'json':
      return readJson(text);
  }
}

function readJson(text: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') return { ok: false, error: 'JSON has at least one value.' };
    return { ok: false, error: jsonFault(text, error) };
  }
  const compact = compactJson(text);
  const keeps = compact === JSON.stringify(value) && isCarried(compact);
  return { ok: true, content: keeps ? { json: value } : { text: compact } };
}

/** Deeper values, and keys named `__proto__`, are refused by what carries values to the engine; text is not. */
const MAX_CARRIED_DEPTH = 64;

function isCarried(compact: string): boolean {
  if (compact.includes('"__proto__"')) return false;
  let depth = 0;
  for (const [token] of compact.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > MAX_CARRIED_DEPTH) return false;
  }
  return true;
}

/** Valid JSON without the white space between its tokens. */
export function compactJson(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_all, string: string | undefined) => string ?? '');
}

/** Valid JSON with two spaces of indentation; every token stays as it was typed. */
export function formatJson(text: string): string {
  const tokens = compactJson(text).match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^[\]{},:"]+/g) ?? [];
  let depth = 0;
  let out = '';
  const newLine = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      depth++;
      out += token + (next === '}' || next === ']' ? '' : newLine());
    } else if (token === '}' || token === ']') {
      depth--;
      const previous = tokens[index - 1];
      out += (previous === '{' || previous === '[' ? '' : newLine()) + token;
    } else if (token === ',') out += `,${newLine()}`;
    else out += token === ':' ? ': ' : token;
  });
  return out;
}

/** A saved message as the composer shows it. */
export function shownMessage(message: SavedMessage): { mode: Mode; text: string } {
  if ('text' in message) return { mode: 'text', text: message.text };
  if ('hex' in message) return { mode: 'hex', text: message.hex };
  if ('base64' in message) return { mode: 'base64', text: message.base64 };
  if ('file' in message) return { mode: 'file', text: message.file };
  return { mode: 'json', text: JSON.stringify(message.json, undefined, 2) ?? '' };
}

/**
 * `text` of one mode in the words of another, for switching between them; undefined where the bytes cannot be written
 * that way (not UTF-8, broken hex, files).
 */
export function convertText(from: Mode, to: Mode, text: string): string | undefined {
  if (from === to) return text;
  if (from === 'file' || to === 'file') return undefined;
  const isText = (mode: Mode) => mode === 'text' || mode === 'json';
  if (isText(from) && isText(to)) return text;
  const bytes = bytesOf(from, text);
  if (!bytes) return undefined;
  if (to === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (to === 'base64') return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes that are written; undefined if hex or base64 is broken. */
export function bytesOf(mode: Mode, text: string): Uint8Array | undefined {
  if (mode === 'hex') {
    const digits = text.replace(/0x|[\s,:-]/gi, '');
    if (!/^([0-9a-f]{2})*$/i.test(digits)) return undefined;
    return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  if (mode === 'base64') {
    try {
      return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    } catch {
      return undefined;
    }
  }
  return new TextEncoder().encode(text);
}
