// Well-known types of Protocol Buffers in one line: what a person reads instead of seconds and nanos.
import { durationText, timestampText } from './protobuf-text.ts';
import type { TypedNode } from './protobuf-typed.ts';

const WRAPPERS = new Set(
  ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (name) => `google.protobuf.${name}Value`,
  ),
);

/** A message of a well-known type as text; '' for all others and for values outside their type's range. */
export function wellKnownText(type: string, fields: readonly TypedNode[]): string {
  if (type === 'google.protobuf.Timestamp') return timestampText(wholeOf(fields, 1), Number(wholeOf(fields, 2))) ?? '';
  if (type === 'google.protobuf.Duration') return durationText(wholeOf(fields, 1), Number(wholeOf(fields, 2))) ?? '';
  if (type === 'google.protobuf.Any') return anyType(fields) ?? '';
  if (type === 'google.protobuf.FieldMask') return fields.map(({ raw }) => String(raw)).join(', ');
  if (WRAPPERS.has(type)) return last(fields, 1)?.value ?? '';
  return '';
}

/** Full name of the message inside an Any, if it says one. */
export function anyType(fields: readonly TypedNode[]): string | undefined {
  const url = last(fields, 1)?.raw;
  return typeof url === 'string' && url !== '' ? url.slice(url.lastIndexOf('/') + 1) : undefined;
}

function wholeOf(fields: readonly TypedNode[], number: number): number | bigint {
  const raw = last(fields, number)?.raw;
  return typeof raw === 'number' || typeof raw === 'bigint' ? raw : 0;
}

/** The one that counts of a field that may be there more than once. */
function last(fields: readonly TypedNode[], number: number): TypedNode | undefined {
  for (let i = fields.length - 1; i >= 0; i--) {
    const field = fields[i]!;
    if (field.number === number && field.kind !== 'unknown') return field;
  }
  return undefined;
}
