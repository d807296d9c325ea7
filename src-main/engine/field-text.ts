// Field values as text the way `tshark -T fields` prints them: numbers in decimal, booleans as 1 and 0, bytes as hex.
import type { Field, FieldValue } from '../core/field.ts';

/** The texts of all fields of that name in a tree, in order. */
export function fieldTexts(fields: readonly Field[], name: string): string[] {
  const found: string[] = [];
  collect(fields, name, found);
  return found;
}

function collect(fields: readonly Field[], name: string, found: string[]): void {
  for (const field of fields) {
    if (field.name === name) found.push(valueText(field.value));
    if (field.children) collect(field.children, name, found);
  }
}

export function valueText(value: FieldValue): string {
  if (value === true) return '1';
  if (value === false) return '0';
  return value === null ? '' : String(value);
}
