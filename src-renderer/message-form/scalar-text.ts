// A scalar as a person types it and as ProtoJSON has it: numbers in range, 64-bit ones as strings, bytes as base64, times,
// durations; and JSON as it is shown where it stands alone. Pure.
import type { FieldKind } from '../../src-main/core/schema.ts';
import { jsonFault } from '../proto-json/json-fault.ts';
import { is64Bit, isFloat, isInteger } from '../proto-json/value-type.ts';
import { referencesOf } from '../variables/references.ts';

export type ScalarReading = { ok: true; json: string } | { ok: false; error: string };

/** Kinds of text beside those of a .proto. */
export type TextKind = FieldKind | 'timestamp' | 'duration' | 'fieldMask' | 'json';

const UNSIGNED = new Set<TextKind>(['uint32', 'fixed32', 'uint64', 'fixed64']);
const SPECIAL_FLOATS = new Set(['NaN', 'Infinity', '-Infinity']);

/** The JSON that typed text stands for. What a variable in it stands for is known when it is sent. */
export function readScalar(kind: TextKind, text: string): ScalarReading {
  if (kind !== 'json' && isVariable(text)) return quoted(text);
  switch (kind) {
    case 'string':
      return { ok: true, json: JSON.stringify(text) };
    case 'bytes':
      return isBase64(text) ? quoted(text) : wrong('Bytes as base64, as SGVsbG8=.');
    case 'bool':
      return text === 'true' || text === 'false' ? { ok: true, json: text } : wrong('true or false.');
    case 'timestamp':
      return isTimestamp(text) ? quoted(text) : wrong('A time as 2026-03-01T14:03:07Z.');
    case 'duration':
      return /^-?\d{1,12}(\.\d{1,9})?s$/.test(text) ? quoted(text) : wrong('Seconds with an s, as 1.5s.');
    case 'fieldMask':
      return /^[\w.,]*$/.test(text) ? quoted(text) : wrong('Paths with commas between them, as user.name,text.');
    case 'json':
      return readJson(text);
  }
  if (isInteger(kind as FieldKind)) return readInteger(kind as FieldKind, text.trim());
  return isFloat(kind as FieldKind) ? readFloat(text.trim()) : wrong('This cannot be typed here.');
}

function readInteger(kind: FieldKind, text: string): ScalarReading {
  if (!/^-?\d{1,25}$/.test(text)) return wrong('A whole number.');
  const value = BigInt(text);
  const bits = is64Bit(kind) ? 64n : 32n;
  const [min, max] = UNSIGNED.has(kind) ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  if (value < min || value > max) return wrong(`Between ${min} and ${max}.`);
  return { ok: true, json: is64Bit(kind) ? JSON.stringify(String(value)) : String(value) };
}

function readFloat(text: string): ScalarReading {
  if (SPECIAL_FLOATS.has(text)) return quoted(text);
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return wrong('A number, NaN, Infinity or -Infinity.');
  return { ok: true, json: /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(value) };
}

function readJson(text: string): ScalarReading {
  try {
    JSON.parse(text);
    return { ok: true, json: text.trim() };
  } catch (error) {
    return wrong(jsonFault(text, error));
  }
}

/** Whether what it says is known only when it is sent. */
export function isVariable(text: string): boolean {
  return referencesOf(text).length > 0;
}

/** The name of an enum's value, which ProtoJSON has by its name or its number; the word itself for neither. */
export function enumName(word: string, values: readonly { name: string; number: number }[]): string {
  return values.find(({ number }) => String(number) === word)?.name ?? word;
}

/** JSON cut from a text, without the indentation that it has there. */
export function dedentedJson(json: string): string {
  const [first = '', ...lines] = json.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const common = Math.min(...indents);
  return [first, ...lines.map((line) => line.slice(common))].join('\n');
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}

function isTimestamp(text: string): boolean {
  const shape = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
  return shape.test(text) && !Number.isNaN(Date.parse(text.replace(/\.\d+/, '')));
}

const quoted = (text: string): ScalarReading => ({ ok: true, json: JSON.stringify(text) });
const wrong = (error: string): ScalarReading => ({ ok: false, error });
