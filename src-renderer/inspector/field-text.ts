// What a person reads of a record's fields.
import type { Field } from '../../src-main/core/field.ts';

/** The value in words. */
export function fieldText(field: Field): string {
  if (field.display !== undefined) return field.display;
  return field.value === null ? '' : String(field.value);
}

/**
 * A header line is a field, and its value is one more under the header's own name: the same words twice. Such a pair is
 * shown once, under the own name (which filters use), with the bytes of the whole line. Headers stand at the top or one
 * below it.
 */
export function withoutEchoes(fields: readonly Field[]): Field[] {
  return fields.map((field) =>
    field.children ? withoutEcho({ ...field, children: field.children.map(withoutEcho) }) : field,
  );
}

function withoutEcho(field: Field): Field {
  const [only, ...others] = field.children ?? [];
  if (!only || others.length > 0 || only.children || only.label !== field.label) return field;
  if (fieldText(only) !== fieldText(field)) return field;
  return { ...only, start: field.start, length: field.length };
}
